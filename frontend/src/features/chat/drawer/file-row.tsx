import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { RoomFile } from '@/bridge/types';
import { shownName } from '@/components/file-names';
import { personName } from '@/components/names';
import { useNow } from '@/components/use-now';
import { FileCard } from '@/features/chat/file/file-card';
import { listTime } from '@/i18n/time';
import styles from './room-files.module.css';

const minute = 60_000;

export interface FileRowProps {
  of: RoomFile;
  onJump: (seq: number) => void;
}

/** A file with who sent it and when; that line leads to the message. */
export function FileRow({ of: { file, seq, sender_uuid, at }, onJump }: FileRowProps) {
  const { t, i18n } = useTranslation('file');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const now = useNow(minute);
  const time = listTime(i18n.language, at, now, tc('yesterday'));
  return (
    <div className={styles.row}>
      <FileCard plain file={file} />
      <button
        type="button"
        className={styles.jump}
        data-testid="room-file-jump"
        data-seq={seq}
        onClick={() => onJump(seq)}
      >
        <VisuallyHidden>{t('room.jump', { name: shownName(file.name) })}, </VisuallyHidden>
        <bdi>{personName(people, sender_uuid, tc)}</bdi> · {time}
      </button>
    </div>
  );
}
