import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import styles from './long-list.module.css';

/** The next page is loaded when its place is this near, in pixels. */
const loadsAt = 800;

export interface LongListProps<T> {
  label: string;
  testId: string;
  items: readonly T[];
  /** The same function each time: another one lays out every row anew. */
  keyOf: (item: T) => string | number;
  /** What a row takes until it is measured, in pixels. */
  rowHeight: number;
  /** There are more on the server. */
  more?: boolean;
  onMore?: () => void;
  /** Why the next page did not come, and what then stands above it. */
  failure?: Failure | undefined;
  failureTitle?: string;
  onRetry?: () => void;
  children: (item: T) => ReactNode;
}

/** A list of any length that fills its place. Only the rows in view are in the page; pages load as one scrolls. */
export function LongList<T>(props: LongListProps<T>) {
  const {
    label,
    testId,
    items,
    keyOf,
    rowHeight,
    more = false,
    onMore,
    failure,
    failureTitle,
    onRetry,
    children,
  } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  // Another function makes the virtualizer lay out every row anew, so that it must change with the items only.
  const getItemKey = useCallback(
    (index: number) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    [items, keyOf],
  );
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey,
    overscan: 6,
  });
  const loadMore = () => {
    const element = scroller.current;
    if (element && more && element.scrollHeight - element.clientHeight - element.scrollTop < loadsAt) onMore?.();
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
        aria-label={label}
        data-testid={testId}
        onScroll={loadMore}
      >
        <ul className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const item = items[index];
            return (
              item !== undefined && (
                <li
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  className={styles.place}
                  style={{ transform: `translateY(${start}px)` }}
                  aria-setsize={more ? -1 : items.length}
                  aria-posinset={index + 1}
                >
                  {children(item)}
                </li>
              )
            );
          })}
        </ul>
      </div>
      {failure && (
        <div className={styles.rest}>
          <FailureNotice failure={failure} {...(failureTitle ? { title: failureTitle } : {})} />
          <Button variant="default" onClick={onRetry}>
            {t('retry')}
          </Button>
        </div>
      )}
    </div>
  );
}
