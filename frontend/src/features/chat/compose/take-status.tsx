import { IconAlertCircle, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RefusedFile } from '@/bridge/types';
import { FileName } from '@/components/file-name';
import { fileSize, shownName } from '@/components/file-names';
import { FileButton } from '@/features/chat/file/file-button';
import { FileIcon } from '@/features/chat/file/file-icon';
import { ProgressBar } from '@/features/chat/file/progress-bar';
import { forgetRefused, takeStore, type Taking } from './take-store';
import { useFileProblem } from './use-file-problem';
import text from './file-text.module.css';
import styles from './take-status.module.css';

/** Above a room's composer: the file that is being taken into it, and the files that can't be sent, each with the reason. */
export function TakeStatus({ room }: { room: string }) {
  const taking = takeStore((held) => held.taking);
  const refused = takeStore((held) => held.refused.get(room));
  const isOurs = taking?.room === room;
  if (!isOurs && !refused) return null;
  return (
    <div className={styles.status}>
      {refused && <Refused files={refused} onClose={() => forgetRefused(room)} />}
      {isOurs && <Progress taking={taking} />}
    </div>
  );
}

function Progress({ taking }: { taking: Taking }) {
  const { t } = useTranslation('file');
  const { name, size, done, behind, stop } = taking;
  const label = t('take.stop', { name: shownName(name) });
  return (
    <div className={styles.taking} role="status" data-testid="taking">
      <FileIcon name={name} />
      <span className={text.words}>
        <span className={text.name}>
          <FileName name={name} />
        </span>
        <span className={text.detail}>
          {t('take.running')} · {t('amount', { done: fileSize(done), size: fileSize(size) })}
          {behind > 0 && ` · ${t('take.behind', { count: behind })}`}
        </span>
        <ProgressBar name={name} size={size} done={done} />
      </span>
      <FileButton icon={IconX} label={label} spoken={label} testId="taking-stop" onPress={stop} />
    </div>
  );
}

function Refused({ files, onClose }: { files: readonly RefusedFile[]; onClose: () => void }) {
  const { t } = useTranslation('file');
  const problem = useFileProblem(true);
  const close = t('refused.close');
  return (
    <section className={styles.refused} role="alert" data-testid="refused-files">
      <div className={styles.head}>
        <IconAlertCircle className={styles.icon} aria-hidden="true" />
        <strong className={styles.title}>{t('refused.title', { count: files.length })}</strong>
        <FileButton icon={IconX} label={close} spoken={close} testId="refused-close" onPress={onClose} />
      </div>
      <ul className={styles.list}>
        {files.map(({ name, size, failure }, i) => (
          // Nothing else tells two files of one name apart.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={i} className={styles.row} data-testid="refused-file" data-reason={failure?.reason}>
            <span className={text.name}>
              <FileName name={name} />
            </span>
            <span className={styles.why}>
              {size > 0 && `${fileSize(size)} · `}
              {failure && problem(failure)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
