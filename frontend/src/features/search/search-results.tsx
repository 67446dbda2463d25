import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, type UIEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '@/components/message-search';
import { ResultLine } from './result-line';
import type { ResultRow } from './result-rows';
import type { Asked } from './search-model';
import styles from './search-results.module.css';
import { LocalNote, SearchState } from './search-state';

/** The next page is loaded when its place is this near, in pixels. */
const loadsAt = 600;
const heights = { head: 34, person: 50, room: 50, all: 36, message: 74, local: 50, state: 56 };

export interface SearchResultsProps {
  id: string;
  rows: readonly ResultRow[];
  /** The place of the chosen line; -1 for none. */
  at: number;
  asked: Asked;
  finding: Finding;
  /** How far down one was last. */
  scrollTop: number;
  onScroll: (top: number) => void;
  onOpen: (row: ResultRow) => void;
  onMore: () => Promise<void>;
  onRetry: () => void;
}

/** The lines of the search; only those in view are in the page. The field above keeps the focus. */
export function SearchResults(props: SearchResultsProps) {
  const { id, rows, at, asked, finding, scrollTop, onScroll, onOpen, onMore, onRetry } = props;
  const { t } = useTranslation('search');
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heights[rows[index]?.kind ?? 'message'],
    getItemKey: (index) => keyOf(rows[index], index),
    overscan: 6,
    paddingEnd: 12,
  });
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [at, virtualizer]);
  // Another question: its answer is read from the top.
  const asks = JSON.stringify(asked);
  const first = useRef(true);
  const left = useRef(scrollTop);
  useLayoutEffect(() => {
    virtualizer.scrollToOffset(first.current ? left.current : 0);
    first.current = false;
  }, [asks, virtualizer]);
  const loadMore = () => {
    const element = scroller.current;
    if (!element || finding.status !== 'found' || finding.more !== 'idle' || finding.next === 0) return;
    if (element.scrollHeight - element.clientHeight - element.scrollTop < loadsAt) void onMore();
  };
  useEffect(loadMore);

  const placed = virtualizer.getVirtualItems().flatMap(({ index, start }) => {
    const row = rows[index];
    const style = { transform: `translateY(${start}px)` };
    return row ? [{ row, ref: virtualizer.measureElement, 'data-index': index, className: styles.row, style }] : [];
  });
  const options = placed.flatMap(({ row, ...place }) => ('key' in row ? [{ row, ...place }] : []));
  const others = placed.filter(({ row }) => !('key' in row));

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be reached by keyboard
      tabIndex={0}
      role="region"
      aria-label={t('results')}
      onScroll={(event: UIEvent<HTMLDivElement>) => {
        onScroll(event.currentTarget.scrollTop);
        loadMore();
      }}
    >
      <div className={styles.list} style={{ height: virtualizer.getTotalSize() }}>
        {/* What can be chosen is one list; what is said between it stands beside it, and is not of it. */}
        <div id={id} role="listbox" aria-label={t('results')}>
          {options.map(({ row, ...place }) => (
            // The keys are the field's: it has the focus.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events jsx-a11y/interactive-supports-focus
            <div
              {...place}
              key={row.key}
              id={`${id}-${place['data-index']}`}
              role="option"
              aria-selected={place['data-index'] === at}
              data-testid={`search-${row.kind}`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onOpen(row)}
            >
              <ResultLine row={row} chosen={place['data-index'] === at} asked={asked.text} />
            </div>
          ))}
        </div>
        {others.map(({ row, ...place }) => (
          <div {...place} key={keyOf(row, place['data-index'])}>
            {row.kind === 'head' && <GroupHead row={row} />}
            {row.kind === 'local' && <LocalNote />}
            {row.kind === 'state' && <SearchState finding={finding} onMore={onMore} onRetry={onRetry} />}
          </div>
        ))}
      </div>
    </div>
  );
}

function GroupHead({ row }: { row: Extract<ResultRow, { kind: 'head' }> }) {
  const { t } = useTranslation('search');
  return (
    <p className={styles.head}>
      {t(`group.${row.group}`)}
      {row.count > 0 && <span className={styles.count}>{row.open ? `${row.count}+` : row.count}</span>}
    </p>
  );
}

function keyOf(row: ResultRow | undefined, index: number): string | number {
  if (!row) return index;
  if ('key' in row) return row.key;
  return row.kind === 'head' ? `head-${row.group}` : row.kind;
}
