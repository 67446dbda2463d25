import { useTranslation } from 'react-i18next';
import styles from './list-skeleton.module.css';

export interface ListSkeletonProps {
  rows: number;
}

/** Grey rows of the size of those that come. */
export function ListSkeleton({ rows }: ListSkeletonProps) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.row}>
          <span className={styles.picture} />
          <span className={styles.lines}>
            <span className={styles.long} />
            <span className={styles.short} />
          </span>
        </div>
      ))}
    </div>
  );
}
