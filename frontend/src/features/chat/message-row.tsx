import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror, usePersonPresence } from '@/bridge/session-context';
import { Avatar } from '@/components/avatar';
import { personName, personPlace } from '@/components/names';
import type { Overlay } from './log-overlays';
import type { LogRow } from './log-rows';
import { MessageBubble } from './message-bubble';
import { MessageMeta } from './message-meta';
import { MessageMore } from './message-more';
import styles from './message-row.module.css';
import { systemText } from './system-text';

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
      {row.message.kind === 'system' ? <SystemLine row={row} /> : <PersonMessage {...props} />}
    </div>
  );
});

function SystemLine({ row }: { row: LogRow }) {
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const { system, seq } = row.message;
  return (
    <p className={styles.system} data-testid="system-line" data-seq={seq}>
      {system ? systemText(system, people, t, tc) : t('system.other')}
    </p>
  );
}

function PersonMessage({ row, unread, wide, unfolded, onFold, onOverlay, onPerson }: MessageRowProps) {
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const { message } = row;
  const { mine, sender_uuid: sender } = message;
  const presence = usePersonPresence(sender);
  const name = personName(people, sender, tc);
  const isOther = !mine;
  const menu = (x: number, y: number) => onOverlay({ kind: 'menu', message, x, y });
  return (
    // The menu is on the button beside the text as well, for keyboards.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <article
      className={styles.message}
      data-mine={mine}
      data-testid="message"
      data-seq={message.seq}
      data-client={message.client_id}
      data-state={message.deleted_at > 0 ? 'deleted' : message.state}
      aria-label={name}
      onContextMenu={(event) => {
        // Over a selected text the web view's own menu copies just that.
        if (window.getSelection()?.isCollapsed === false) return;
        event.preventDefault();
        menu(event.clientX, event.clientY);
      }}
    >
      {isOther && row.head && (
        // The name beside it leads to the same place for keyboards.
        <button type="button" className={styles.face} tabIndex={-1} aria-hidden="true" onClick={() => onPerson(sender)}>
          <Avatar face={{ id: sender, name }} size="middle" presence={presence} />
        </button>
      )}
      <div className={styles.body}>
        {isOther && row.head && (
          <p className={styles.who}>
            <button type="button" className={styles.name} onClick={() => onPerson(sender)}>
              {name}
            </button>
            {wide && <span className={styles.place}>{personPlace(people.get(sender))}</span>}
          </p>
        )}
        <div className={styles.line}>
          <MessageBubble message={message} first={row.head} unfolded={unfolded} onFold={() => onFold(row.key)} />
          <MessageMeta
            message={message}
            unread={unread}
            showTime={row.tail}
            onReaders={(x, y) => onOverlay({ kind: 'readers', message, x, y })}
          />
          {message.deleted_at === 0 && <MessageMore onMenu={menu} />}
        </div>
      </div>
    </article>
  );
}
