import { Menu } from '@mantine/core';
import {
  IconArchive,
  IconAt,
  IconBell,
  IconBellOff,
  IconCheck,
  IconLink,
  IconLock,
  IconLockOpen,
  IconLogout,
  IconPin,
  IconPinnedOff,
  IconStar,
  IconStarOff,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Room } from '@/bridge/types';
import { useCopyLink } from '@/components/use-copy-link';
import { useNow } from '@/components/use-now';
import { muteChoices, notifyRules } from './mute';
import { useRoomActions } from './use-room-actions';

const minute = 60_000;

export interface RoomMenuItemsProps {
  room: Room;
  onLeave: () => void;
}

/** What can be done with a room as a whole; the same in the list and above the conversation. */
export function RoomMenuItems({ room, onLeave }: RoomMenuItemsProps) {
  const { t } = useTranslation('room');
  const { t: tc } = useTranslation('chat');
  const { setMy, markRead } = useRoomActions();
  const copyLink = useCopyLink();
  const muted = room.muted_until > useNow(minute);
  const id = room.room_uuid;
  // Who is in a department's room is decided by where he works.
  const leavable = room.kind !== 'notice' && room.department_uuid === '';
  return (
    <>
      {room.unread_count > 0 && (
        <Menu.Item leftSection={<IconCheck size="1rem" />} data-testid="room-mark-read" onClick={() => markRead(id)}>
          {t('mark_read')}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={room.pinned ? <IconPinnedOff size="1rem" /> : <IconPin size="1rem" />}
        data-testid="room-pin"
        onClick={() => setMy(id, { pinned: !room.pinned })}
      >
        {t(room.pinned ? 'unpin' : 'pin')}
      </Menu.Item>
      <Menu.Item
        leftSection={room.favourite ? <IconStarOff size="1rem" /> : <IconStar size="1rem" />}
        data-testid="room-favourite"
        onClick={() => setMy(id, { favourite: !room.favourite })}
      >
        {t(room.favourite ? 'unfavourite' : 'favourite')}
      </Menu.Item>
      {room.kind !== 'self' && (
        <Menu.Item
          leftSection={room.locked ? <IconLockOpen size="1rem" /> : <IconLock size="1rem" />}
          data-testid="room-lock"
          onClick={() => setMy(id, { locked: !room.locked })}
        >
          {t(room.locked ? 'unlock' : 'lock')}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconLink size="1rem" />} data-testid="room-link" onClick={() => copyLink(id)}>
        {t('copy_link')}
      </Menu.Item>
      {room.kind !== 'self' && <Menu.Divider />}
      {room.kind !== 'self' && muted && (
        <Menu.Item
          leftSection={<IconBell size="1rem" />}
          data-testid="room-unmute"
          onClick={() => setMy(id, { mute_minutes: 0 })}
        >
          {t('unmute')}
        </Menu.Item>
      )}
      {room.kind !== 'self' &&
        !muted &&
        muteChoices.map(({ minutes, label }) => (
          <Menu.Item
            key={minutes}
            leftSection={<IconBellOff size="1rem" />}
            data-testid={`room-${label}`}
            onClick={() => setMy(id, { mute_minutes: minutes })}
          >
            {t(label)}
          </Menu.Item>
        ))}
      {room.kind !== 'self' &&
        notifyRules
          .filter((rule) => rule !== room.notify)
          .map((rule) => (
            <Menu.Item
              key={rule}
              leftSection={<RuleIcon rule={rule} />}
              data-testid={`room-rule-${rule}`}
              onClick={() => setMy(id, { notify: rule })}
            >
              {t(`rule_item.${rule}`)}
            </Menu.Item>
          ))}
      {leavable && <Menu.Divider />}
      {leavable && (
        <Menu.Item
          {...(room.kind === 'group' ? { color: 'red' } : {})}
          leftSection={room.kind === 'group' ? <IconLogout size="1rem" /> : <IconArchive size="1rem" />}
          data-testid="room-leave"
          onClick={onLeave}
        >
          {room.kind === 'group' ? tc('leave.action') : t('hide')}
        </Menu.Item>
      )}
    </>
  );
}

function RuleIcon({ rule }: { rule: (typeof notifyRules)[number] }) {
  if (rule === 'mentions') return <IconAt size="1rem" />;
  return rule === 'none' ? <IconBellOff size="1rem" /> : <IconBell size="1rem" />;
}
