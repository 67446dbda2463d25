import { IconAt, IconBellOff, IconClock, IconLock, IconPinFilled, IconStarFilled } from '@tabler/icons-react';
import { memo, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror, usePersonPresence } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { CountBadge } from '@/components/count-badge';
import { personPlace, roomFaces, roomTitle } from '@/components/names';
import { RoomAvatar } from '@/components/room-avatar';
import { useNow } from '@/components/use-now';
import { listTime } from '@/i18n/time';
import type { RoomSpot } from './room-context-menu';
import { RoomLine } from './room-line';
import { limitOf } from './mute';
import styles from './room-row.module.css';

export interface RoomRowProps {
  room: Room;
  open: boolean;
  onOpen: (room: string) => void;
  onMenu: (spot: RoomSpot) => void;
}

const minute = 60_000;

/**
 * A line of the room list: who, what was said last, when, and how much is unread. A message changes one room and moves
 * others: only that one is made anew.
 */
export const RoomRow = memo(function RoomRow({ room, open, onOpen, onMenu }: RoomRowProps) {
  const { t, i18n } = useTranslation('chat');
  const { t: tr } = useTranslation('room');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const presence = usePersonPresence(room.other_uuid);
  const now = useNow(minute);
  const other = people.get(room.other_uuid);
  const limit = limitOf(room, now);

  // Right click, the menu key and Shift+F10 all come as this event; from the keyboard it has no place of its own.
  function onContextMenu(event: MouseEvent<HTMLButtonElement>) {
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    const byKey = event.clientX === 0 && event.clientY === 0;
    onMenu({
      room: room.room_uuid,
      x: byKey ? box.left + box.width / 2 : event.clientX,
      y: byKey ? box.top + box.height / 2 : event.clientY,
    });
  }

  return (
    <button
      type="button"
      className={styles.row}
      aria-current={open ? 'true' : undefined}
      data-testid="room-row"
      data-room={room.room_uuid}
      onClick={() => onOpen(room.room_uuid)}
      onContextMenu={onContextMenu}
    >
      <RoomAvatar
        kind={room.kind}
        picture={room.picture}
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
          {room.favourite && <IconStarFilled className={styles.mark} aria-label={t('list.favourite')} />}
          {room.locked && <IconLock className={styles.mark} aria-label={tr('locked')} />}
          {limit === 'none' && <IconBellOff className={styles.mark} aria-label={t('list.muted')} />}
          {limit === 'mentions' && <IconAt className={styles.mark} aria-label={tr('rule_mark.mentions')} />}
          {room.pinned && <IconPinFilled className={styles.mark} aria-label={tr('pinned')} />}
        </span>
        <RoomLine room={room} open={open} />
      </span>
      <span className={styles.side}>
        <span className={styles.time} data-launch="time">
          {listTime(i18n.language, room.last_at, now, tc('yesterday'))}
        </span>
        <span className={styles.marks}>
          {room.unsent_count > 0 && <IconClock className={styles.unsent} aria-label={t('list.unsent')} />}
          {room.mentioned_seqs.length > 0 && (
            <span
              className={styles.mention}
              role="img"
              aria-label={tr('mentioned', { count: room.mentioned_seqs.length })}
              data-testid="room-mention"
            >
              <IconAt className={styles.at} aria-hidden="true" />
            </span>
          )}
          <CountBadge
            count={room.unread_count}
            quiet={limit !== undefined}
            label={t('list.unread', { count: room.unread_count })}
            testId="room-unread"
          />
        </span>
      </span>
    </button>
  );
});
