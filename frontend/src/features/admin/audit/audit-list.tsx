import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry, Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { fullTime } from '@/i18n/time';
import styles from './audit-section.module.css';
import { useActWords } from './use-act-words';

/** The next page is loaded when its place is this near, in pixels. */
const loadsAt = 800;
const rowHeight = 56;

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
  const { t: tc } = useTranslation();
  const words = useActWords();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => entries[index]?.id ?? index,
    overscan: 6,
  });
  const loadMore = () => {
    const element = scroller.current;
    if (element && more && element.scrollHeight - element.clientHeight - element.scrollTop < loadsAt) onMore();
  };
  useEffect(loadMore);
  return (
    <div className={styles.card}>
      <div
        ref={scroller}
        className={styles.scroller}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be reached by keyboard
        tabIndex={0}
        role="region"
        aria-label={t('title')}
        data-testid="audit-list"
        onScroll={loadMore}
      >
        <ul className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const entry = entries[index];
            if (!entry) return undefined;
            const { who, act, subject } = words(entry);
            return (
              <li
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className={styles.place}
                style={{ transform: `translateY(${start}px)` }}
                aria-setsize={more ? -1 : entries.length}
                aria-posinset={index + 1}
              >
                <button type="button" className={styles.row} data-testid="audit-row" onClick={() => onOpen(entry)}>
                  <span className={styles.second}>{fullTime(i18n.language, entry.at)}</span>
                  <span className={styles.line}>{who}</span>
                  <strong className={styles.line}>{act}</strong>
                  <span className={styles.line}>{subject}</span>
                  <span className={styles.second}>{entry.detail}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      {failure && (
        <div className={styles.rest}>
          <FailureNotice failure={failure} title={t('rest_failed')} />
          <Button variant="default" onClick={onRetry}>
            {tc('retry')}
          </Button>
        </div>
      )}
    </div>
  );
}
