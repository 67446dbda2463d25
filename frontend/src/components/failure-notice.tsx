import { useCallback } from 'react';
import type { Failure } from '@/bridge/types';
import { useTexts } from '@/i18n/use-texts';
import { Notice } from './notice';
import styles from './failure-notice.module.css';

/** Returns what says a failure in the user's language: by its reason, else by its code, else "something went wrong". */
export function useFailureText(): (failure: Failure) => string {
  const { t } = useTexts('errors');
  return useCallback(
    (failure) => {
      const keys = ['code.internal'];
      if (failure.code !== '') keys.unshift(`code.${failure.code}`);
      if (failure.reason !== '') keys.unshift(`reason.${failure.reason}`);
      return t(keys as ['code.internal'], { detail: failure.message }); // detail: which proxy
    },
    [t],
  );
}

export interface FailureNoticeProps {
  failure: Failure;
  title?: string;
  testId?: string;
}

/** A failure as the user should see it, with the number by which an administrator finds it in the log. */
export function FailureNotice({ failure, title, testId }: FailureNoticeProps) {
  const { t } = useTexts('errors');
  const text = useFailureText();
  return (
    <Notice
      kind="danger"
      code={failure.code}
      reason={failure.reason}
      {...(title ? { title } : {})}
      {...(testId ? { testId } : {})}
    >
      {text(failure)}
      {failure.request_id !== '' && (
        <span className={styles.reference}>{t('reference', { id: failure.request_id })}</span>
      )}
    </Notice>
  );
}
