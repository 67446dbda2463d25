import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { File, Message } from '@/bridge/types';
import { FileCard } from './file-card';
import { isPicture, viewable } from './file-kind';
import { mostShown, pictureBox, pictureGrid } from './picture-layout';
import { PictureTile } from './picture-tile';
import { useFileActions } from './use-file-actions';
import { openViewer } from './viewer-store';
import styles from './message-files.module.css';

export interface MessageFilesProps {
  message: Message;
}

/** What hangs on a message: its pictures, then a card for each other file. */
export function MessageFiles({ message }: MessageFilesProps) {
  const { t } = useTranslation('file');
  const { files } = message;
  const pictures = files.filter(isPicture);
  return (
    <div className={styles.files} role="group" aria-label={t('list', { count: files.length })}>
      {pictures.length > 0 && <Pictures message={message} pictures={pictures} />}
      {files
        .filter((file) => !isPicture(file))
        .map((file, i) => (
          <FileCard key={file.file_id || file.transfer || i} file={file} />
        ))}
      <SaveAll files={files} />
    </div>
  );
}

function Pictures({ message, pictures }: { message: Message; pictures: readonly File[] }) {
  const view = (file: File) =>
    openViewer({
      room: message.room_uuid,
      fileId: file.file_id,
      known: viewable(pictures).map((one) => ({
        file: one,
        message_id: message.message_id,
        seq: message.seq,
        sender_uuid: message.sender_uuid,
        at: message.at,
      })),
    });
  const [only] = pictures;
  if (pictures.length === 1 && only) {
    const { width, height } = pictureBox(only);
    const place = { width: `${width / 16}rem`, aspectRatio: `${width} / ${height}` };
    return <PictureTile file={only} side={960} style={place} onView={() => view(only)} />;
  }
  const { columns, side } = pictureGrid(pictures.length);
  const shown = pictures.slice(0, mostShown);
  return (
    <div
      className={styles.grid}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, ${side / 16}rem))` }}
      data-testid="message-pictures"
    >
      {shown.map((file, i) => (
        <PictureTile
          key={file.file_id || file.transfer}
          file={file}
          side={240}
          style={{ aspectRatio: '1' }}
          more={i === shown.length - 1 ? pictures.length - shown.length : 0}
          onView={() => view(file)}
        />
      ))}
    </div>
  );
}

/** Several are saved by one press, where there are several that can be. */
function SaveAll({ files }: { files: readonly File[] }) {
  const { t } = useTranslation('file');
  const { saveAll } = useFileActions();
  const ids = files.filter((file) => file.file_id !== '' && !file.gone).map((file) => file.file_id);
  if (ids.length < 2) return null;
  return (
    <button type="button" className={styles.all} data-testid="files-save-all" onClick={() => saveAll(ids)}>
      <IconDownload className={styles.icon} aria-hidden="true" />
      {t('save_all')}
    </button>
  );
}
