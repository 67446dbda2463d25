import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/failure-notice';
import { ListSkeleton } from '@/components/list-skeleton';
import styles from './loaded-view.module.css';
import type { Loaded } from './use-loaded';

export interface LoadedViewProps<T> {
  state: Loaded<T>;
  onRetry: () => void;
  /** How many grey rows stand there while it loads. */
  rows?: number;
  /** What could not be loaded. */
  title?: string;
  children: (value: T) => ReactNode;
}

/** What was loaded; before that grey rows, and after a failure what it was and a way to try again. */
export function LoadedView<T>({ state, onRetry, rows = 4, title, children }: LoadedViewProps<T>) {
  const { t } = useTranslation('admin');
  const { t: tc } = useTranslation();
  if (state.kind === 'loading') return <ListSkeleton rows={rows} />;
  if (state.kind === 'loaded') return children(state.value);
  return (
    <div className={styles.failed}>
      <FailureNotice failure={state.failure} title={title ?? t('failed')} />
      <Button onClick={onRetry}>{tc('retry')}</Button>
    </div>
  );
}
