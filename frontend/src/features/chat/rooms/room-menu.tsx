import { Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '@/bridge/types';
import { IconButton } from '@/components/icon-button';
import { LeaveDialog } from './leave-dialog';
import { RoomMenuItems } from './room-menu-items';
import styles from './room-menu.module.css';

/** The menu above a conversation. */
export function RoomMenu({ room }: { room: Room }) {
  const { t } = useTranslation('room');
  const [leaving, setLeaving] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <IconButton ref={button} label={t('menu')} testId="conversation-menu">
            <IconDotsVertical className={styles.icon} aria-hidden="true" />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <RoomMenuItems room={room} onLeave={() => setLeaving(true)} />
        </Menu.Dropdown>
      </Menu>
      {leaving && (
        <LeaveDialog
          room={room}
          onClose={() => {
            setLeaving(false);
            button.current?.focus();
          }}
        />
      )}
    </>
  );
}
