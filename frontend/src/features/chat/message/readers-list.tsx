import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Message, Reader, Reads } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { namedFace, personName, personPlace } from '@/components/names';
import { useNow } from '@/components/use-now';
import { readersOf } from '@/features/chat/log/unread';
import { clockTime, fullTime, sameDay } from '@/i18n/time';
import { useReaders } from './use-readers';
import styles from './readers-list.module.css';

const minute = 60_000;

export interface ReadersListProps {
  message: Message;
  reads: Reads;
  messages: readonly Message[];
}

/**
 * Who has read a message, with the time, and who has not. What is known here stands at once (the counts always agree with
 * the number beside the message); the times come from the server.
 */
export function ReadersList({ message, reads, messages }: ReadersListProps) {
  const { t } = useTranslation('chat');
  const [side, setSide] = useState<'unread' | 'read'>('unread');
  const { room_uuid: roomUuid, seq } = message;
  const asked = useReaders({ roomUuid, seq, read: side === 'read', reads });
  const here = readersOf(reads, messages, message);
  const times = new Map(asked.users.map((one) => [one.user_uuid, one.read_at]));
  const shown: readonly Reader[] = here
    ? here[side].map((user_uuid) => ({ user_uuid, read_at: times.get(user_uuid) ?? 0 }))
    : asked.users;
  const counts = here
    ? { read: here.read.length, unread: here.unread.length }
    : { read: asked.readCount, unread: asked.unreadCount };
  return (
    <div className={styles.readers} data-testid="readers">
      <SegmentedControl
        fullWidth
        size="xs"
        value={side}
        aria-label={t('readers.title')}
        onChange={(value) => setSide(value === 'read' ? 'read' : 'unread')}
        data={[
          { value: 'unread', label: `${t('readers.unread')} ${counts.unread}` },
          { value: 'read', label: `${t('readers.read')} ${counts.read}` },
        ]}
      />
      {shown.length === 0 && asked.state === 'loading' && !here && (
        <p className={styles.none} role="status">
          {t('readers.loading')}
        </p>
      )}
      {shown.length === 0 && (here || asked.state === 'known') && (
        <p className={styles.none}>{t(side === 'read' ? 'readers.none_read' : 'readers.all_read')}</p>
      )}
      <ul className={styles.list}>
        {shown.map((reader) => (
          <ReaderRow key={reader.user_uuid} reader={reader} timed={side === 'read'} />
        ))}
      </ul>
      {asked.state === 'failed' && side === 'read' && (
        <p className={styles.none} role="alert">
          {t('readers.failed')}
        </p>
      )}
      {asked.more && (!here || side === 'read') && (
        <Button variant="subtle" size="xs" fullWidth onClick={asked.loadMore}>
          {t('readers.more')}
        </Button>
      )}
    </div>
  );
}

/** A person, where he works, and when he read it. */
function ReaderRow({ reader, timed }: { reader: Reader; timed: boolean }) {
  const { i18n } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const now = useNow(minute);
  const { user_uuid: uuid, read_at: at } = reader;
  return (
    <li className={styles.person}>
      <Avatar face={namedFace(people, uuid, personName(people, uuid, tc))} size="tiny" />
      <bdi className={styles.name}>{personName(people, uuid, tc)}</bdi>
      <span className={styles.place}>{personPlace(people.get(uuid))}</span>
      {timed && at > 0 && (
        <time className={styles.time} dateTime={new Date(at).toISOString()}>
          {sameDay(at, now) ? clockTime(i18n.language, at) : fullTime(i18n.language, at)}
        </time>
      )}
    </li>
  );
}
