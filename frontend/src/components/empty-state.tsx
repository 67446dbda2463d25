import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

export interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  text?: string;
  /** What to do about it. */
  action?: ReactNode;
  testId?: string;
}

/** Says that there is nothing here, why, and what to do. */
export function EmptyState({ icon, title, text, action, testId }: EmptyStateProps) {
  return (
    <div className={styles.empty} data-testid={testId}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <p className={styles.title}>{title}</p>
      {text && <p className={styles.text}>{text}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
