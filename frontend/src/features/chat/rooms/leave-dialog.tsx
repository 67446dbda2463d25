import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { roomTitle } from '@/components/names';
import { useTask } from '@/components/use-task';
import styles from './room-menu.module.css';

export interface LeaveDialogProps {
  room: Room;
  onClose: () => void;
}

/**
 * Asks before a group is left or a conversation put away. When the server has taken it, the room goes from the page by
 * itself.
 */
export function LeaveDialog({ room, onClose }: LeaveDialogProps) {
  const { t } = useTranslation('chat');
  const { t: tr } = useTranslation('room');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const task = useTask();
  const group = room.kind === 'group';
  return (
    <ConfirmDialog
      danger={group}
      busy={task.busy}
      title={group ? t('leave.title', { name: roomTitle(room, people, me, tc) }) : tr('hide_title')}
      okLabel={group ? t('leave.ok') : tr('hide_ok')}
      onOk={() => void task.run(() => bridge.leaveRoom(room.room_uuid)).then((done) => done && onClose())}
      onClose={onClose}
    >
      <p className={styles.text}>{group ? t('leave.text') : tr('hide_text')}</p>
      {task.failure && <FailureNotice failure={task.failure} />}
    </ConfirmDialog>
  );
}
