import type { ReactNode } from 'react';
import styles from './notice.module.css';

export interface NoticeProps {
  kind: 'danger' | 'warn' | 'ok';
  title?: string;
  children?: ReactNode;
  testId?: string;
}

/** A coloured box that says what happened. Screen readers hear it when it appears. */
export function Notice({ kind, title, children, testId }: NoticeProps) {
  return (
    <div className={styles.notice} data-kind={kind} data-testid={testId} role={kind === 'danger' ? 'alert' : 'status'}>
      {title && <strong className={styles.title}>{title}</strong>}
      {children}
    </div>
  );
}
