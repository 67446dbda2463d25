import { Button } from '@mantine/core';
import { IconPencil, IconPhoto, IconPhotoOff, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { CloseRoomDialog } from './close-room-dialog';
import { SwitchRow } from './my-settings';
import { RenameDialog } from './rename-dialog';
import styles from './room-drawer.module.css';

export interface GroupSettingsProps {
  room: Room;
  /** Others see what holds, and can't change it. */
  owner: boolean;
}

/** What holds for everybody in a group; its owners change it. */
export function GroupSettings({ room, owner }: GroupSettingsProps) {
  const { t } = useTranslation('room');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [dialog, setDialog] = useState<'rename' | 'close'>();
  const id = room.room_uuid;
  const follows = room.department_uuid !== ''; // it has the department's name, and lasts as long
  const close = () => setDialog(undefined);

  async function choosePicture() {
    let chosen = false;
    const done = await task.run(async () => {
      chosen = await bridge.chooseRoomPicture(id);
    });
    if (done && chosen) toast(t('picture_set'));
  }

  return (
    <section className={styles.section} aria-label={t('settings')}>
      <SwitchRow
        label={t('history')}
        hint={t('history_hint')}
        checked={room.history === 'all'}
        disabled={!owner || task.busy}
        testId="room-history"
        onChange={(all) => void task.run(() => bridge.setRoomHistory(id, all ? 'all' : 'joined'))}
      />
      {owner && (
        <div className={styles.buttons}>
          {!follows && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPencil size="1rem" />}
              data-testid="room-rename"
              onClick={() => setDialog('rename')}
            >
              {t('rename')}
            </Button>
          )}
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPhoto size="1rem" />}
            loading={task.busy}
            data-testid="room-picture"
            onClick={() => void choosePicture()}
          >
            {t('choose_picture')}
          </Button>
          {room.picture !== '' && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPhotoOff size="1rem" />}
              onClick={() => void task.run(() => bridge.removeRoomPicture(id))}
            >
              {t('remove_picture')}
            </Button>
          )}
          {!follows && (
            <Button
              variant="default"
              size="xs"
              c="var(--danger)"
              leftSection={<IconTrash size="1rem" />}
              data-testid="room-close"
              onClick={() => setDialog('close')}
            >
              {t('close_room')}
            </Button>
          )}
        </div>
      )}
      {task.failure && <FailureNotice failure={task.failure} />}
      {dialog === 'rename' && <RenameDialog room={room} onClose={close} />}
      {dialog === 'close' && <CloseRoomDialog room={room} onClose={close} />}
    </section>
  );
}
