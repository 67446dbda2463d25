import styles from './count-badge.module.css';

export interface CountBadgeProps {
  count: number;
  /** Grey instead of red: a muted room. */
  quiet?: boolean;
  /** What the number means, for screen readers. */
  label: string;
  testId?: string;
}

/** A number in a pill, at most 99+. Nothing for zero. */
export function CountBadge({ count, quiet = false, label, testId }: CountBadgeProps) {
  if (count <= 0) return null;
  return (
    <span className={styles.badge} data-quiet={quiet} data-testid={testId} data-count={count}>
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className={styles.spoken}>{label}</span>
    </span>
  );
}
