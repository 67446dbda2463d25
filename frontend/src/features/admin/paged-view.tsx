import type { ReactNode } from 'react';
import { EmptyState, type EmptyStateProps } from '@/components/empty-state';
import { LoadedView } from './loaded-view';
import { LongList, type LongListProps } from './long-list';
import type { usePages } from './use-pages';

type ListProps<T> = Pick<LongListProps<T>, 'label' | 'testId' | 'keyOf' | 'rowHeight'>;

export interface PagedViewProps<T> extends ListProps<T> {
  /** What usePages returned. */
  pages: ReturnType<typeof usePages<T>>;
  /** What is said when the first page, and when a later one does not come. */
  failed: string;
  restFailed: string;
  /** What stands there when there is nothing. */
  empty: EmptyStateProps;
  children: (item: T) => ReactNode;
}

/** A list that comes page by page: grey rows, nothing, the rows, or why there are none and a way to try again. */
export function PagedView<T>({ pages, failed, restFailed, empty, children, ...list }: PagedViewProps<T>) {
  const { state, more, reload } = pages;
  return (
    <LoadedView state={state} onRetry={reload} title={failed} rows={8}>
      {({ items, next, failure }) =>
        items.length === 0 ? (
          <EmptyState {...empty} />
        ) : (
          <LongList
            {...list}
            items={items}
            more={next !== 0 && !failure}
            onMore={more}
            failure={failure}
            failureTitle={restFailed}
            onRetry={reload}
          >
            {children}
          </LongList>
        )
      }
    </LoadedView>
  );
}
