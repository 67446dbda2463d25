import type { ReactNode } from 'react';
import styles from './notice.module.css';

export interface NoticeProps {
  kind: 'danger' | 'warn' | 'ok';
  title?: string;
  children?: ReactNode;
  testId?: string;
  /** A failure's code and reason, for tests that drive the app. */
  code?: string;
  reason?: string;
}

/** A coloured box that says what happened. Screen readers hear it when it appears. */
export function Notice({ kind, title, children, testId, code, reason }: NoticeProps) {
  return (
    <div
      className={styles.notice}
      data-kind={kind}
      data-testid={testId}
      data-code={code}
      data-reason={reason}
      role={kind === 'danger' ? 'alert' : 'status'}
    >
      {title && <strong className={styles.title}>{title}</strong>}
      {children}
    </div>
  );
}
