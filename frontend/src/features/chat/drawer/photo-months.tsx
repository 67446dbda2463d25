import { useTranslation } from 'react-i18next';
import type { RoomFile } from '@/bridge/types';
import { PictureTile } from '@/features/chat/file/picture-tile';
import { openViewer } from '@/features/chat/file/viewer-store';
import { monthName } from '@/i18n/time';
import { months } from './months';
import styles from './room-files.module.css';

export interface PhotoMonthsProps {
  room: string;
  photos: readonly RoomFile[];
}

/** Photos in a grid, month by month; a press opens the viewer, which leads to the conversation. */
export function PhotoMonths({ room, photos }: PhotoMonthsProps) {
  const { i18n } = useTranslation();
  const known = photos.filter(({ file }) => !file.gone).toReversed();
  return months(photos).map((month) => (
    <section key={month.at} className={styles.month} aria-label={monthName(i18n.language, month.at)}>
      <h3 className={styles.monthName}>{monthName(i18n.language, month.at)}</h3>
      <div className={styles.grid} data-testid="room-photos">
        {month.photos.map(({ file, seq }) => (
          <PictureTile
            key={`${seq}-${file.file_id}`}
            file={file}
            side={240}
            style={{ aspectRatio: '1' }}
            onView={() => openViewer({ room, fileId: file.file_id, known })}
          />
        ))}
      </div>
    </section>
  ));
}
