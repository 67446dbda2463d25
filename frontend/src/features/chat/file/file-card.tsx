import { IconDeviceFloppy, IconDownload, IconExternalLink, IconFolder, IconRefresh, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { File } from '@/bridge/types';
import { FileName } from '@/components/file-name';
import { fileSize, shownName } from '@/components/file-names';
import { FileButton } from './file-button';
import { FileIcon } from './file-icon';
import { ProgressBar, progressOf } from './progress-bar';
import { canRetry } from './retry';
import type { FileState } from './transfer-state';
import { useFileActions } from './use-file-actions';
import { useFileState } from './use-file-state';
import { useTransferWords } from './use-transfer-words';
import styles from './file-card.module.css';

export interface FileCardProps {
  file: File;
  /** In a list that has lines between its rows: without an edge of its own, for longer names. */
  plain?: boolean;
}

/** A file of a message: what it is, how large, how far it has come, and what can be done with it now. */
export function FileCard({ file, plain = false }: FileCardProps) {
  const state = useFileState(file);
  return (
    <div
      className={styles.card}
      data-testid="message-file"
      data-file={file.file_id}
      data-state={state.kind}
      data-plain={plain}
    >
      <FileIcon name={file.name} />
      <span className={styles.words}>
        <span className={styles.name}>
          <FileName name={file.name} />
        </span>
        <Detail file={file} state={state} />
        {state.kind === 'moving' && <ProgressBar {...progressOf(state.transfer)} />}
      </span>
      <span className={styles.buttons}>
        <Buttons file={file} state={state} />
      </span>
    </div>
  );
}

function Detail({ file, state }: { file: File; state: FileState }) {
  const { t } = useTranslation('file');
  const words = useTransferWords();
  if (state.kind === 'failed') {
    return (
      <span className={styles.failed} role="alert">
        {words(state.transfer)}
      </span>
    );
  }
  if (state.kind === 'moving') return <span className={styles.detail}>{words(state.transfer)}</span>;
  if (state.kind === 'gone') return <span className={styles.failed}>{t('gone')}</span>;
  return <span className={styles.detail}>{fileSize(file.size)}</span>;
}

function Buttons({ file, state }: { file: File; state: FileState }) {
  const { t } = useTranslation('file');
  const act = useFileActions();
  const name = shownName(file.name);
  const spoken = (action: string) => t('file_action', { action, name });
  const { file_id: id } = file;
  if (state.kind === 'gone') return null;
  if (state.kind === 'moving' || state.kind === 'failed') {
    const { id: transfer } = state.transfer;
    return (
      <>
        {state.kind === 'failed' && canRetry(state.transfer.failure) && (
          <FileButton
            icon={IconRefresh}
            label={t('retry', { name })}
            spoken={t('retry', { name })}
            testId="file-retry"
            onPress={() => act.retry(transfer)}
          />
        )}
        <FileButton
          icon={IconX}
          label={t('cancel', { name })}
          spoken={t('cancel', { name })}
          testId="file-cancel"
          onPress={() => act.cancel(transfer)}
        />
      </>
    );
  }
  if (id === '') return null;
  const buttons =
    state.kind === 'saved'
      ? ([
          ['open', IconExternalLink, act.open],
          ['show', IconFolder, act.show],
        ] as const)
      : ([
          ['save', IconDownload, act.save],
          ['save_as', IconDeviceFloppy, act.saveAs],
        ] as const);
  return buttons.map(([what, icon, run]) => (
    <FileButton
      key={what}
      icon={icon}
      label={t(what)}
      spoken={spoken(t(what))}
      testId={`file-${what.replace('_', '-')}`}
      onPress={() => run(id)}
    />
  ));
}
