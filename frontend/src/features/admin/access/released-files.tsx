import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { File } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { FileName } from '@/components/file-name';
import { fileSize, shownName } from '@/components/file-names';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import styles from './access-section.module.css';

export interface ReleasedFilesProps {
  access: string;
  files: readonly File[];
  /** The server says that the request no longer holds. */
  onRefused: () => void;
}

/** The files of a message that may be read: each is saved where the reader says, and nowhere else. */
export function ReleasedFiles({ access, files, onRefused }: ReleasedFilesProps) {
  const { t } = useTranslation('access');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const save = (file: File) =>
    void task.run(async () => {
      try {
        if (await bridge.saveAccessFile(access, file.file_id, file.name)) {
          toast(t('saved', { name: shownName(file.name) }));
        }
      } catch (error) {
        if (asFailure(error).code === 'forbidden') onRefused();
        throw error;
      }
    });
  return (
    <>
      {files.map((file) => (
        <span key={file.file_id} className={styles.file}>
          <FileName name={file.name} />
          <span className={styles.second}>{fileSize(file.size)}</span>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconDownload size="1em" />}
            disabled={task.busy}
            aria-label={t('save_file', { name: shownName(file.name) })}
            data-testid="access-save-file"
            onClick={() => save(file)}
          >
            {t('save')}
          </Button>
        </span>
      ))}
      {task.busy && (
        <span className={styles.file}>
          <output className={styles.second}>{t('saving')}</output>
          <Button
            size="compact-xs"
            variant="default"
            data-testid="access-stop-file"
            onClick={() => void bridge.stopSaving()}
          >
            {t('stop')}
          </Button>
        </span>
      )}
      {task.failure && <FailureNotice failure={task.failure} title={t('save_failed')} testId="access-file-problem" />}
    </>
  );
}
