import {
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type Ref,
  type RefObject,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Draft, Room } from '@/bridge/types';
import { isComposing, type SendKey } from '@/components/keys';
import { useImeField } from '@/components/use-ime-field';
import { mentionId, MentionList } from './mention-list';
import { everybody, mentionQuery, withMention, type Mentionable } from './mention-query';
import { useMentionables } from './use-mentionables';
import styles from './composer.module.css';

/** What the parts around the field do to it. */
export interface ComposerFieldHandle {
  /** Puts a text where the caret is. */
  insert: (text: string) => void;
  sendNow: () => void;
  focusEnd: () => void;
}

export interface ComposerFieldProps {
  room: Room;
  /** Keeps its height while the field is measured. */
  box: RefObject<HTMLDivElement | null>;
  draft: Draft;
  sendKey: SendKey;
  tooLong: boolean;
  onChange: (draft: Draft) => void;
  onSubmit: (text: string) => void;
  onPaste: ((event: ClipboardEvent) => void) | undefined;
  /** ArrowUp in an empty field. */
  onEditLast: () => void;
  /** Esc, where there is something to give up. */
  onCancel: (() => void) | undefined;
  ref: Ref<ComposerFieldHandle>;
}

/** The text field of the composer, with the list of people behind an @. */
export function ComposerField(props: ComposerFieldProps) {
  const { room, box, draft, sendKey, tooLong, onChange, onSubmit, onPaste, onEditLast, onCancel, ref: handle } = props;
  const { t } = useTranslation('chat');
  const { ref, handlers, sendNow, whenWhole } = useImeField({ sendKey, onSend: onSubmit });
  const list = useMentions(room, draft);
  const listId = useId();
  const caret = useRef<number>(undefined);

  useLayoutEffect(() => {
    if (ref.current && box.current) fitToText(ref.current, box.current);
  });
  useLayoutEffect(() => {
    if (caret.current === undefined) return;
    ref.current?.setSelectionRange(caret.current, caret.current);
    list.look(caret.current);
    caret.current = undefined;
  });

  /** Rewrites the value, never while a syllable is being composed. */
  function rewrite(how: (field: HTMLTextAreaElement) => { draft: Draft; caret: number }) {
    whenWhole((field) => {
      const next = how(field);
      caret.current = next.caret;
      onChange(next.draft);
    });
  }

  function pick(item: Mentionable) {
    const { asked } = list;
    if (!asked) return;
    rewrite((field) => {
      const next = withMention(field.value, field.selectionStart, asked.from, item.name);
      const mentions = item.userUuid === '' ? draft.mentions : [...new Set([...draft.mentions, item.userUuid])];
      return {
        draft: { ...draft, text: next.text, mentions, mention_all: draft.mention_all || item.userUuid === '' },
        caret: next.caret,
      };
    });
  }

  useImperativeHandle(handle, () => ({
    sendNow,
    insert: (text) =>
      rewrite((field) => {
        const { value, selectionStart: from, selectionEnd: to } = field;
        return { draft: { ...draft, text: value.slice(0, from) + text + value.slice(to) }, caret: from + text.length };
      }),
    focusEnd: () => {
      const field = ref.current;
      field?.focus();
      field?.setSelectionRange(field.value.length, field.value.length);
    },
  }));

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (!isComposing(event) && (list.onKey(event, pick) || ownKey(event))) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    handlers.onKeyDown(event);
  }

  function ownKey(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
    if (event.key === 'Escape' && onCancel) onCancel();
    else if (event.key === 'ArrowUp' && draft.text === '' && !event.altKey) onEditLast();
    else return false;
    return true;
  }

  return (
    <>
      {list.items.length > 0 && (
        <MentionList id={listId} items={list.items} active={list.active} onPick={pick} onActive={list.setActive} />
      )}
      <textarea
        ref={ref}
        className={styles.field}
        rows={1}
        value={draft.text}
        aria-label={t('composer.label')}
        aria-invalid={tooLong}
        aria-autocomplete="list"
        aria-controls={list.items.length > 0 ? listId : undefined}
        aria-activedescendant={list.items.length > 0 ? mentionId(listId, list.active) : undefined}
        placeholder={t(room.kind === 'self' ? 'composer.placeholder_self' : 'composer.placeholder')}
        data-testid="composer-input"
        onChange={(event) => {
          onChange({ ...draft, text: event.currentTarget.value });
          list.look(event.currentTarget.selectionStart);
        }}
        onSelect={(event) => list.look(event.currentTarget.selectionStart)}
        onBlur={list.close}
        onPaste={onPaste}
        {...handlers}
        onKeyDown={onKeyDown}
      />
    </>
  );
}

/** The list behind an @: what is asked for at the caret, who fits, and which of them Enter would take. */
function useMentions(room: Room, draft: Draft) {
  const people = useMirror((mirror) => mirror.people);
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState<number>(); // the @ for which the list was put away
  const done = [
    ...draft.mentions.flatMap((userUuid) => people.get(userUuid)?.name ?? []),
    ...(draft.mention_all ? everybody : []),
  ];
  const asked = caret === undefined ? undefined : mentionQuery(draft.text, caret, done);
  const open = asked !== undefined && asked.from !== closed;
  const items = useMentionables(room, open ? asked.query : undefined);
  const at = Math.min(active, Math.max(0, items.length - 1));

  function look(next: number) {
    if (next === caret) return;
    setCaret(next);
    setActive(0);
  }

  function onKey(event: KeyboardEvent, pick: (item: Mentionable) => void): boolean {
    const item = items[at];
    if (!item) return false;
    if (event.key === 'ArrowDown') setActive((at + 1) % items.length);
    else if (event.key === 'ArrowUp') setActive((at + items.length - 1) % items.length);
    else if ((event.key === 'Enter' && !event.shiftKey && !event.ctrlKey) || event.key === 'Tab') pick(item);
    else if (event.key === 'Escape') setClosed(asked?.from);
    else return false;
    return true;
  }

  return { asked, items: open ? items : [], active: at, setActive, look, onKey, close: () => setCaret(undefined) };
}

/**
 * Makes the field as high as its text, up to the limit that the style sets. The box around it keeps its height while
 * that is measured: a log that grows and shrinks in between has been scrolled, and lets go of its end.
 */
function fitToText(field: HTMLTextAreaElement, box: HTMLElement) {
  box.style.height = `${box.offsetHeight}px`;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
  box.style.height = '';
}
