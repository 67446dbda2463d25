import { useTranslation } from 'react-i18next';
import type { Older } from './conversation-model';
import styles from './older-line.module.css';

export interface OlderLineProps {
  older: Older;
  onRetry: () => Promise<void>;
}

/** What is said at the top while older messages load or can't be. It lies over the log and moves nothing. */
export function OlderLine({ older, onRetry }: OlderLineProps) {
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  if (older === 'idle') return null;
  return (
    <div className={styles.place}>
      <div className={styles.line} role="status" data-older={older}>
        {older === 'loading' && t('log.loading_older')}
        {older === 'partial' && t('log.older_offline')}
        {older === 'failed' && t('log.older_failed')}
        {older !== 'loading' && (
          <button type="button" className={styles.retry} onClick={() => void onRetry()}>
            {tc('retry')}
          </button>
        )}
      </div>
    </div>
  );
}
