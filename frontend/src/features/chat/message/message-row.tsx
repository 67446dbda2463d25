import { memo } from 'react';
import { useMirror, usePersonPresence } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { namedFace, personName, personPlace } from '@/components/names';
import type { Overlay } from '@/features/chat/log/log-overlays';
import type { LogRow } from '@/features/chat/log/log-rows';
import { messageLine } from '@/features/chat/file/file-words';
import { clockTime } from '@/i18n/time';
import { useTexts } from '@/i18n/use-texts';
import { MessageBubble } from './message-bubble';
import { MessageMeta } from './message-meta';
import { MessagePick } from './message-pick';
import { MessageToolbar } from './message-toolbar';
import { ReactionBar } from './reaction-bar';
import { useReactions } from './reactions';
import { useChoice } from './selection';
import { SystemLine } from './system-line';
import { useActiveRow } from './use-active-row';
import { useReact } from './use-react';
import styles from './message-row.module.css';

export interface MessageRowProps {
  row: LogRow;
  /** How many have not read it. */
  unread: number;
  /** Sender's department and position beside the name: in rooms of more than two. */
  wide: boolean;
  unfolded: boolean;
  onFold: (key: string) => void;
  onOverlay: (overlay: Overlay) => void;
  onPerson: (person: string) => void;
}

/** A message. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row } = props;
  return (
    <div className={styles.row} data-head={row.head}>
      {row.message.kind === 'system' ? <SystemLine message={row.message} /> : <PersonMessage {...props} />}
    </div>
  );
});

function PersonMessage(props: MessageRowProps) {
  const { row, onOverlay } = props;
  const { message } = row;
  const label = useRowLabel(message);
  const choice = useChoice(message.room_uuid, message.seq);
  const active = useActiveRow();
  const isThere = message.deleted_at === 0;
  return (
    // The menu is on the button over the text as well, for keyboards.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <article
      className={styles.message}
      data-mine={message.mine}
      data-testid="message"
      data-seq={message.seq}
      data-client={message.client_id}
      data-state={isThere ? message.state : 'deleted'}
      data-choice={choice}
      aria-label={label}
      // The arrows go from one to the next (use-row-keys.ts).
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={-1}
      {...active.handlers}
      onContextMenu={(event) => {
        // Over a selected text the web view's own menu copies just that.
        if (window.getSelection()?.isCollapsed === false || choice !== 'off') return;
        event.preventDefault();
        if (isThere) onOverlay({ kind: 'menu', message, x: event.clientX, y: event.clientY });
      }}
    >
      {choice !== 'off' && <MessagePick message={message} chosen={choice === 'chosen'} label={label} />}
      <Said {...props} tools={choice === 'off'} active={active.active} side={active.side} />
    </article>
  );
}

/** What a screen reader says of a message that has the focus. */
function useRowLabel(message: Message): string {
  const { t, language } = useTexts('message');
  const { t: tc } = useTexts();
  const { t: tf } = useTexts('file');
  const people = useMirror((mirror) => mirror.people);
  const name = message.mine ? tc('me') : personName(people, message.sender_uuid, tc);
  const text = message.deleted_at > 0 ? t('deleted') : messageLine(message, tf);
  return t('row', { name, text, time: clockTime(language, message.at) });
}

type SaidProps = MessageRowProps & { tools: boolean; active: boolean; side: 'above' | 'below' };

/** Who said it, the bubble, and what stands beside, over and under it. */
function Said({ row, unread, wide, unfolded, onFold, onOverlay, onPerson, tools, active, side }: SaidProps) {
  const { message } = row;
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const react = useReact();
  const reactions = useReactions(message, me);
  const open = (kind: Overlay['kind']) => (x: number, y: number) => onOverlay({ kind, message, x, y });
  const isThere = message.deleted_at === 0;
  const toggle = (emoji: string, on: boolean) => react(message, emoji, on);
  return (
    <div className={styles.body}>
      {!message.mine && row.head && <Sender sender={message.sender_uuid} wide={wide} onPerson={onPerson} />}
      <div className={styles.line}>
        <div className={styles.paper}>
          <MessageBubble message={message} first={row.head} unfolded={unfolded} onFold={() => onFold(row.key)} />
          {isThere && tools && (
            <MessageToolbar
              message={message}
              reactions={reactions}
              active={active}
              side={side}
              onReact={toggle}
              onOpen={(kind, x, y) => open(kind)(x, y)}
            />
          )}
        </div>
        <MessageMeta message={message} unread={unread} showTime={row.tail} onReaders={open('readers')} />
      </div>
      {isThere && <ReactionBar reactions={reactions} onToggle={toggle} onAdd={open('react')} />}
    </div>
  );
}

/** Picture and name; both lead to the profile. */
function Sender({ sender, wide, onPerson }: { sender: string } & Pick<MessageRowProps, 'wide' | 'onPerson'>) {
  const { t: tc } = useTexts();
  const people = useMirror((mirror) => mirror.people);
  const presence = usePersonPresence(sender);
  const name = personName(people, sender, tc);
  return (
    <>
      {/* The name beside it leads to the same place for keyboards. */}
      <button type="button" className={styles.face} tabIndex={-1} aria-hidden="true" onClick={() => onPerson(sender)}>
        <Avatar face={namedFace(people, sender, name)} size="middle" presence={presence} />
      </button>
      <p className={styles.who}>
        <button type="button" className={styles.name} onClick={() => onPerson(sender)}>
          {name}
        </button>
        {people.get(sender)?.bot && (
          <span className={styles.bot} data-testid="bot-mark">
            {tc('bot')}
          </span>
        )}
        {wide && <span className={styles.place}>{personPlace(people.get(sender))}</span>}
      </p>
    </>
  );
}
