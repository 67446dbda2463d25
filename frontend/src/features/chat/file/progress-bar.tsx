import { useTranslation } from 'react-i18next';
import type { Transfer } from '@/bridge/types';
import { shownName } from '@/components/file-names';
import { percentOf } from './transfer-state';
import styles from './progress-bar.module.css';

export interface ProgressBarProps extends Pick<Transfer, 'name' | 'size' | 'done'> {
  state?: Transfer['state'];
}

/** What a transfer's bar shows. */
export function progressOf({ name, size, done, state }: Transfer): ProgressBarProps {
  return { name, size, done, state };
}

/** How far a file has come. While the server looks at it nobody knows how long that takes. */
export function ProgressBar({ name, size, done, state = 'running' }: ProgressBarProps) {
  const { t } = useTranslation('file');
  const checking = state === 'checking';
  const percent = percentOf({ size, done });
  return (
    <span
      className={styles.bar}
      role="progressbar"
      aria-label={t('progress', { name: shownName(name) })}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={checking ? undefined : percent}
      data-state={state}
    >
      <span className={styles.done} style={{ width: `${percent}%` }} />
    </span>
  );
}
