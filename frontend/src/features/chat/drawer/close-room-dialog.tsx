import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { roomTitle } from '@/components/names';
import { useTask } from '@/components/use-task';

export interface CloseRoomDialogProps {
  room: Room;
  onClose: () => void;
}

/** Asks before a group is ended for everybody. Then the room goes from the page by itself, and this with it. */
export function CloseRoomDialog({ room, onClose }: CloseRoomDialogProps) {
  const { t } = useTranslation('room');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const task = useTask();
  return (
    <ConfirmDialog
      danger
      busy={task.busy}
      title={t('close_title', { name: roomTitle(room, people, me, tc) })}
      okLabel={t('close_ok')}
      onOk={() => void task.run(() => bridge.closeRoom(room.room_uuid))}
      onClose={onClose}
    >
      <p>{t('close_text')}</p>
      {task.failure && <FailureNotice failure={task.failure} />}
    </ConfirmDialog>
  );
}
