import { useTranslation } from 'react-i18next';
import type { AuditEntry, Failure } from '@/bridge/types';
import { LongList } from '@/features/admin/long-list';
import { fullTime } from '@/i18n/time';
import styles from './audit-section.module.css';
import { useActWords } from './use-act-words';

export interface AuditListProps {
  entries: readonly AuditEntry[];
  more: boolean;
  /** Why the next page did not come. */
  failure: Failure | undefined;
  onMore: () => void;
  onRetry: () => void;
  onOpen: (entry: AuditEntry) => void;
}

/** The entries, the newest first. Only those in view are in the page. */
export function AuditList({ entries, more, failure, onMore, onRetry, onOpen }: AuditListProps) {
  const { t, i18n } = useTranslation('audit');
  const words = useActWords();
  return (
    <LongList
      label={t('title')}
      testId="audit-list"
      items={entries}
      keyOf={(entry) => entry.id}
      rowHeight={56}
      more={more}
      onMore={onMore}
      failure={failure}
      failureTitle={t('rest_failed')}
      onRetry={onRetry}
    >
      {(entry) => {
        const { who, act, subject } = words(entry);
        return (
          <button type="button" className={styles.row} data-testid="audit-row" onClick={() => onOpen(entry)}>
            <span className={styles.second}>{fullTime(i18n.language, entry.at)}</span>
            <span className={styles.line}>{who}</span>
            <strong className={styles.line}>{act}</strong>
            <span className={styles.line}>{subject}</span>
            <span className={styles.second}>{entry.detail}</span>
          </button>
        );
      }}
    </LongList>
  );
}
