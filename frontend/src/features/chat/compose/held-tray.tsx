import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { HeldFile } from '@/bridge/types';
import { FileName } from '@/components/file-name';
import { fileSize, shownName } from '@/components/file-names';
import { FileIcon } from '@/features/chat/file/file-icon';
import { useFileProblem } from './use-file-problem';
import text from './file-text.module.css';
import styles from './held-tray.module.css';

export interface HeldTrayProps {
  files: readonly HeldFile[];
  onDrop: (handles: string[]) => void;
}

/** The files that go with the next message: what they are, and what keeps one from being sent. */
export function HeldTray({ files, onDrop }: HeldTrayProps) {
  const { t } = useTranslation('file');
  const broken = files.some((file) => file.problem);
  return (
    <section className={styles.tray} aria-label={t('held.label', { count: files.length })} data-testid="held-files">
      <ul className={styles.list}>
        {files.map((file) => (
          <Held key={file.handle} file={file} onDrop={() => onDrop([file.handle])} />
        ))}
      </ul>
      {(broken || files.length > 1) && (
        <p className={styles.foot}>
          <span className={styles.hint} role={broken ? 'alert' : undefined}>
            {broken ? t('held.problem') : t('held.label', { count: files.length })}
          </span>
          {files.length > 1 && (
            <button
              type="button"
              className={styles.clear}
              data-testid="held-clear"
              onClick={() => onDrop(files.map((file) => file.handle))}
            >
              {t('held.clear')}
            </button>
          )}
        </p>
      )}
    </section>
  );
}

function Held({ file, onDrop }: { file: HeldFile; onDrop: () => void }) {
  const { t } = useTranslation('file');
  const words = useFileProblem(file.problem !== undefined);
  const problem = file.problem ? words(file.problem) : '';
  const name = shownName(file.name);
  return (
    <li className={styles.held} data-broken={problem !== ''} data-testid="held-file" data-handle={file.handle}>
      <Preview file={file} />
      <span className={text.words}>
        <span className={text.name}>
          <FileName name={file.name} />
        </span>
        <span className={text.detail}>
          {fileSize(file.size)}
          {problem !== '' && <span className={styles.problem}> · {problem}</span>}
        </span>
      </span>
      <button
        type="button"
        className={styles.remove}
        aria-label={t('held.remove', { name })}
        title={t('held.remove', { name })}
        data-testid="held-remove"
        onClick={onDrop}
      >
        <IconX className={styles.icon} aria-hidden="true" />
      </button>
    </li>
  );
}

function Preview({ file }: { file: HeldFile }) {
  const bridge = useBridge();
  const [failed, setFailed] = useState(false);
  if (!file.preview || failed) return <FileIcon name={file.name} />;
  return (
    <img
      className={styles.preview}
      src={bridge.assetUrl(`/held/${file.handle}`)}
      alt=""
      draggable={false}
      onError={() => setFailed(true)}
    />
  );
}
