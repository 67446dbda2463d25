import { useTranslation } from 'react-i18next';
import type { Transfer } from '@/bridge/types';
import { shownName } from '@/components/file-names';
import { percentOf } from './transfer-state';
import styles from './progress-bar.module.css';

/** How far a transfer has come. While the server looks at the file nobody knows how long that takes. */
export function ProgressBar({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation('file');
  const checking = transfer.state === 'checking';
  const percent = percentOf(transfer);
  return (
    <span
      className={styles.bar}
      role="progressbar"
      aria-label={t('progress', { name: shownName(transfer.name) })}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={checking ? undefined : percent}
      data-state={transfer.state}
    >
      <span className={styles.done} style={{ width: `${percent}%` }} />
    </span>
  );
}
