import { TextInput } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { isComposing } from '@/components/keys';
import { useTask } from '@/components/use-task';

export interface RenameDialogProps {
  room: Room;
  onClose: () => void;
}

/** Gives a group another name. */
export function RenameDialog({ room, onClose }: RenameDialogProps) {
  const { t } = useTranslation('room');
  const bridge = useBridge();
  const task = useTask();
  const field = useRef<HTMLInputElement>(null);
  const rename = () => {
    const name = field.current?.value.trim() ?? '';
    void task.run(() => bridge.renameRoom(room.room_uuid, name)).then((done) => done && onClose());
  };
  return (
    <ConfirmDialog
      hasField
      busy={task.busy}
      title={t('rename')}
      okLabel={t('rename_ok')}
      onOk={rename}
      onClose={onClose}
    >
      <TextInput
        ref={field}
        label={t('name')}
        description={t('name_hint')}
        defaultValue={room.name}
        maxLength={100}
        data-autofocus
        data-testid="rename-name"
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || isComposing(event)) return;
          event.preventDefault();
          rename();
        }}
      />
      {task.failure && <FailureNotice failure={task.failure} />}
    </ConfirmDialog>
  );
}
