import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import { asFailure } from '@/bridge/failure';
import type { Failure, Room } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { useImeField } from '@/components/use-ime-field';
import styles from './composer.module.css';
import { maxLetters, letters, textToSend } from './composer-rules';
import { useDraft } from './use-draft';

export interface ComposerProps {
  room: Room;
}

/** Where one writes. Why it can't be used is said in its place. */
export function Composer({ room }: ComposerProps) {
  const { t } = useTranslation('chat');
  const isAdmin = useMirror((mirror) => mirror.state.me?.is_admin ?? false);
  const other = useMirror((mirror) => mirror.people.get(room.other_uuid));
  const gone = room.kind === 'direct' && (other?.state === 'deleted' || other?.state === 'disabled');
  if (gone) return <p className={styles.disabled}>{t('composer.disabled_left')}</p>;
  if (room.kind === 'notice' && !isAdmin) return <p className={styles.disabled}>{t('composer.disabled_notice')}</p>;
  return <Writing room={room} />;
}

function Writing({ room }: ComposerProps) {
  const { t } = useTranslation('chat');
  const bridge = useBridge();
  const failureText = useFailureText();
  const sendKey = useMirror((mirror) => (mirror.settings.send_key === 'ctrl_enter' ? 'ctrl_enter' : 'enter'));
  const [failure, setFailure] = useState<Failure>();
  const draft = useDraft(room);
  const { change, clear } = draft;

  const send = useCallback(
    (value: string) => {
      const text = textToSend(value);
      if (text === undefined) return;
      setFailure(undefined);
      clear();
      bridge.send(room.room_uuid, { ...room.draft, text }).catch((error: unknown) => {
        // Nothing is lost: what could not be kept stands in the field again.
        setFailure(asFailure(error));
        change(value);
      });
    },
    [bridge, room.room_uuid, clear, change],
  );
  const { ref, handlers, sendNow } = useImeField({ sendKey, onSend: send });

  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (ref.current && box.current) fitToText(ref.current, box.current);
  });
  useLayoutEffect(() => ref.current?.focus(), [ref]);

  const excess = letters(draft.value) - maxLetters;
  const empty = draft.value.trim() === '';
  return (
    <div className={styles.composer}>
      <div ref={box} className={styles.box}>
        <textarea
          ref={ref}
          className={styles.field}
          rows={1}
          value={draft.value}
          aria-label={t('composer.label')}
          aria-invalid={excess > 0}
          placeholder={t(room.kind === 'self' ? 'composer.placeholder_self' : 'composer.placeholder')}
          data-testid="composer-input"
          onChange={(event) => change(event.currentTarget.value)}
          {...handlers}
        />
        <div className={styles.tools}>
          <Hint excess={excess} length={draft.value.length} sendKey={sendKey} />
          {failure && (
            <span className={styles.failure} role="alert">
              {failureText(failure)}
            </span>
          )}
          <button
            type="button"
            className={styles.send}
            disabled={empty || excess > 0}
            data-testid="composer-send"
            // The field keeps the focus, and a syllable that is being composed is not torn off.
            onMouseDown={(event) => event.preventDefault()}
            onClick={sendNow}
          >
            {t('composer.send')}
          </button>
        </div>
      </div>
    </div>
  );
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

interface HintProps {
  excess: number;
  length: number;
  sendKey: 'enter' | 'ctrl_enter';
}

/** How to send; near the limit, how much fits. */
function Hint({ excess, length, sendKey }: HintProps) {
  const { t } = useTranslation('chat');
  if (excess > 0) {
    return (
      <span className={styles.failure} role="alert">
        {t('composer.too_long', { count: excess })}
      </span>
    );
  }
  if (length > maxLetters * 0.9) {
    return (
      <span className={styles.hint} data-testid="composer-count">
        {(maxLetters + excess).toLocaleString()} / {maxLetters.toLocaleString()}
      </span>
    );
  }
  return <span className={styles.hint}>{t(sendKey === 'enter' ? 'composer.hint_enter' : 'composer.hint_ctrl')}</span>;
}
