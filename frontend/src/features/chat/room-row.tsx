import { IconBellOff, IconClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMirror, usePersonPresence } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { CountBadge } from '@/components/count-badge';
import { personPlace, roomFaces, roomTitle } from '@/components/names';
import { RoomAvatar } from '@/components/room-avatar';
import { useNow } from '@/components/use-now';
import { listTime } from '@/i18n/time';
import { RoomLine } from './room-line';
import styles from './room-row.module.css';

export interface RoomRowProps {
  room: Room;
  open: boolean;
  onOpen: (room: string) => void;
}

const minute = 60_000;

/** A line of the room list: who, what was said last, when, and how much is unread. */
export function RoomRow({ room, open, onOpen }: RoomRowProps) {
  const { t, i18n } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const presence = usePersonPresence(room.other_uuid);
  const now = useNow(minute);
  const other = people.get(room.other_uuid);
  const muted = room.muted_until > now;
  return (
    <button
      type="button"
      className={styles.row}
      aria-current={open ? 'true' : undefined}
      data-testid="room-row"
      data-room={room.room_uuid}
      onClick={() => onOpen(room.room_uuid)}
    >
      <RoomAvatar
        kind={room.kind}
        faces={roomFaces(room, people, me, tc)}
        memberCount={room.member_count}
        presence={room.kind === 'direct' ? presence : undefined}
      />
      <span className={styles.text}>
        <span className={styles.head}>
          <span className={styles.name}>{roomTitle(room, people, me, tc)}</span>
          <span className={styles.place}>
            {room.kind === 'group' && room.member_count}
            {room.kind === 'direct' && personPlace(other)}
          </span>
          {muted && <IconBellOff className={styles.mark} aria-label={t('list.muted')} />}
        </span>
        <RoomLine room={room} open={open} />
      </span>
      <span className={styles.side}>
        <span className={styles.time}>{listTime(i18n.language, room.last_at, now, tc('yesterday'))}</span>
        <span className={styles.marks}>
          {room.unsent_count > 0 && <IconClock className={styles.unsent} aria-label={t('list.unsent')} />}
          <CountBadge
            count={room.unread_count}
            quiet={muted}
            label={t('list.unread', { count: room.unread_count })}
            testId="room-unread"
          />
        </span>
      </span>
    </button>
  );
}
