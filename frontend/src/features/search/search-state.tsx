import { IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/failure-notice';
import { ListSkeleton } from '@/components/list-skeleton';
import type { Finding } from '@/components/message-search';
import styles from './search-state.module.css';

export interface SearchStateProps {
  finding: Finding;
  onMore: () => Promise<void>;
  onRetry: () => void;
}

/** What is to be said of the messages that were found, below them. */
export function SearchState({ finding, onMore, onRetry }: SearchStateProps) {
  const { t } = useTranslation('search');
  const { t: tc } = useTranslation();
  switch (finding.status) {
    case 'idle':
      return null;
    case 'short':
    case 'long':
      return (
        <p className={styles.text} role="status" data-testid="search-state" data-state={finding.status}>
          {t(`state.${finding.status}`)}
        </p>
      );
    case 'searching':
      return finding.hits.length === 0 ? <ListSkeleton rows={3} /> : null;
    case 'failed':
      return (
        <div className={styles.failed} data-testid="search-state" data-state="failed">
          <FailureNotice failure={finding.failure} title={t('state.failed')} />
          <button type="button" className={styles.retry} onClick={onRetry}>
            {tc('retry')}
          </button>
        </div>
      );
    case 'found': {
      const { hits, more } = finding;
      return (
        <div className={styles.found} data-testid="search-state" data-state="found">
          {hits.length === 0 && (
            <p className={styles.text} role="status">
              {t('state.none')}
            </p>
          )}
          {more === 'loading' && <ListSkeleton rows={2} />}
          {more === 'failed' && (
            <p className={styles.text}>
              {t('state.more_failed')}{' '}
              <button type="button" className={styles.retry} onClick={() => void onMore()}>
                {tc('retry')}
              </button>
            </p>
          )}
        </div>
      );
    }
  }
}

/** Says that only this device was searched. It stands above what was found. */
export function LocalNote() {
  const { t } = useTranslation('search');
  return (
    <p className={styles.local} role="status" data-testid="search-local">
      <IconCloudOff className={styles.icon} aria-hidden="true" />
      {t('state.local')}
    </p>
  );
}
