import { Menu } from '@mantine/core';
import { IconDotsVertical, IconLogout } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { IconButton } from '@/components/icon-button';
import { useTask } from '@/components/use-task';
import styles from './room-menu.module.css';

export interface RoomMenuProps {
  room: Room;
  /** The room's name as it stands above the conversation. */
  title: string;
}

/** What can be done with a group as a whole. */
export function RoomMenu({ room, title }: RoomMenuProps) {
  const { t } = useTranslation('chat');
  const [leaving, setLeaving] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <IconButton ref={button} label={t('head.menu')} testId="conversation-menu">
            <IconDotsVertical className={styles.icon} aria-hidden="true" />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            color="red"
            leftSection={<IconLogout className={styles.small} aria-hidden="true" />}
            data-testid="room-leave"
            onClick={() => setLeaving(true)}
          >
            {t('leave.action')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {leaving && (
        <LeaveDialog
          room={room}
          title={title}
          onClose={() => {
            setLeaving(false);
            button.current?.focus();
          }}
        />
      )}
    </>
  );
}

/** When the server has taken it, the room goes from the page by itself: this dialog too. */
function LeaveDialog({ room, title, onClose }: RoomMenuProps & { onClose: () => void }) {
  const { t } = useTranslation('chat');
  const bridge = useBridge();
  const task = useTask();
  return (
    <ConfirmDialog
      danger
      busy={task.busy}
      title={t('leave.title', { name: title })}
      okLabel={t('leave.ok')}
      onOk={() => void task.run(() => bridge.leaveRoom(room.room_uuid))}
      onClose={onClose}
    >
      <p className={styles.text}>{t('leave.text')}</p>
      {task.failure && <FailureNotice failure={task.failure} />}
    </ConfirmDialog>
  );
}
