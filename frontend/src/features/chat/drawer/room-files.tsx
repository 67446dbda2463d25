import { Button } from '@mantine/core';
import { IconFile, IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { Notice } from '@/components/notice';
import { SearchField } from '@/components/search-field';
import { useRoomFiles, type RoomFiles as Files } from '@/features/chat/file/use-room-files';
import { FileList } from './file-list';
import styles from './room-files.module.css';

export interface RoomFilesProps {
  room: string;
  kind: 'photo' | 'other';
  /** Shows a message in the conversation. */
  onJump: (seq: number) => void;
}

/** The photos or the other files of a room, the newest first. */
export function RoomFiles({ room, kind, onJump }: RoomFilesProps) {
  const { t } = useTranslation('file');
  const [text, setText] = useState('');
  const files = useRoomFiles(room, kind, text);
  return (
    <div className={styles.files}>
      <div className={styles.top}>
        <SearchField
          value={text}
          onChange={setText}
          label={t('room.search')}
          placeholder={t('room.search')}
          testId="room-files-search"
        />
        {files.local && <Notice kind="warn">{t('room.local')}</Notice>}
      </div>
      <Listed kind={kind} files={files} searched={text.trim() !== ''} room={room} onJump={onJump} />
    </div>
  );
}

interface ListedProps extends RoomFilesProps {
  files: Files;
  searched: boolean;
}

function Listed({ kind, files, searched, room, onJump }: ListedProps) {
  const { t } = useTranslation('file');
  const { t: tc } = useTranslation();
  if (files.status === 'loading')
    return (
      <p className={styles.state} role="status">
        {t('room.loading')}
      </p>
    );
  if (files.status === 'failed') {
    return (
      <div className={styles.failed}>
        {files.failure && <FailureNotice failure={files.failure} title={t('room.failed')} />}
        <Button variant="default" size="xs" onClick={files.again}>
          {tc('retry')}
        </Button>
      </div>
    );
  }
  const list = files.files.filter(({ file }) => file.thumbnail === (kind === 'photo'));
  if (list.length === 0 && searched) return <p className={styles.state}>{t('room.none_found')}</p>;
  if (list.length === 0) {
    return kind === 'photo' ? (
      <EmptyState icon={<IconPhoto />} title={t('room.no_photos')} text={t('room.no_photos_text')} />
    ) : (
      <EmptyState icon={<IconFile />} title={t('room.no_files')} text={t('room.no_files_text')} />
    );
  }
  return (
    <FileList
      room={room}
      kind={kind}
      files={list}
      label={t(kind === 'photo' ? 'room.photos' : 'room.files')}
      more={files.more}
      onMore={files.loadMore}
      onJump={onJump}
    />
  );
}
