import { useTranslation } from 'react-i18next';
import type { RoomFile } from '@/bridge/types';
import { PictureTile } from '@/features/chat/file/picture-tile';
import { openViewer } from '@/features/chat/file/viewer-store';
import { monthName } from '@/i18n/time';
import styles from './room-files.module.css';

/** Which month the photos beneath it are of. */
export function MonthRow({ at }: { at: number }) {
  const { i18n } = useTranslation();
  return <h3 className={styles.monthName}>{monthName(i18n.language, at)}</h3>;
}

export interface PhotoRowProps {
  room: string;
  photos: readonly RoomFile[];
  /** All that are listed, the newest first: the viewer goes on among them. */
  all: readonly RoomFile[];
}

/** Photos beside each other; a press opens the viewer, which leads to the conversation. */
export function PhotoRow({ room, photos, all }: PhotoRowProps) {
  const view = (fileId: string) =>
    openViewer({ room, fileId, known: all.filter(({ file }) => !file.gone).toReversed() });
  return (
    <div className={styles.grid}>
      {photos.map(({ file, seq }) => (
        <PictureTile
          key={`${seq}-${file.file_id}`}
          file={file}
          side={240}
          style={{ aspectRatio: '1' }}
          onView={() => view(file.file_id)}
        />
      ))}
    </div>
  );
}
