import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { useRoomActions } from '@/features/chat/rooms/use-room-actions';
import styles from './locked-composer.module.css';

export interface LockedComposerProps {
  room: Room;
  /** Opens the composer until the room is left. */
  onOnce: () => void;
}

/** In place of the composer of a room that its user has locked against messages meant for another. */
export function LockedComposer({ room, onOnce }: LockedComposerProps) {
  const { t } = useTranslation('compose');
  const { t: tf } = useTranslation('file');
  const waiting = useMirror((mirror) => mirror.held.get(room.room_uuid)?.length ?? 0);
  const { setMy } = useRoomActions();
  return (
    <div className={styles.locked} data-testid="composer-locked">
      <IconLock className={styles.icon} aria-hidden="true" />
      <span className={styles.words}>
        <strong className={styles.title}>{t('lock.title')}</strong>
        <span className={styles.text}>{waiting > 0 ? tf('held.locked', { count: waiting }) : t('lock.text')}</span>
      </span>
      <Button
        variant="default"
        size="xs"
        onClick={() => setMy(room.room_uuid, { locked: false })}
        data-testid="composer-unlock"
      >
        {t('lock.unlock')}
      </Button>
      <Button size="xs" onClick={onOnce} data-testid="composer-once">
        {t('lock.once')}
      </Button>
    </div>
  );
}
