import { useTranslation } from 'react-i18next';
import type { Edge } from './conversation-model';
import styles from './edge-line.module.css';

const texts = {
  older: { loading: 'log.loading_older', failed: 'log.older_failed', partial: 'log.older_offline' },
  newer: { loading: 'log.loading_newer', failed: 'log.newer_failed', partial: 'log.newer_offline' },
} as const;

export interface EdgeLineProps {
  side: 'older' | 'newer';
  edge: Edge;
  onRetry: () => Promise<void>;
}

/** What is said where older or newer messages load or can't be. It lies over the log and moves nothing. */
export function EdgeLine({ side, edge, onRetry }: EdgeLineProps) {
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  if (edge === 'idle') return null;
  return (
    <div className={styles.line} role="status" data-testid={`log-${side}`} data-edge={edge}>
      {t(texts[side][edge])}
      {edge !== 'loading' && (
        <button type="button" className={styles.retry} onClick={() => void onRetry()}>
          {tc('retry')}
        </button>
      )}
    </div>
  );
}
