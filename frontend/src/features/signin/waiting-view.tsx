import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Failure, SignUp } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { Notice } from '@/components/notice';
import styles from './form.module.css';

export interface WaitingViewProps {
  signUp: SignUp;
  busy: boolean;
  failure: Failure | undefined;
  onCheck: () => void;
  /** Once more, after a rejection. */
  onAgain: () => void;
  /** Back to signing in. The server keeps the request. */
  onLeave: () => void;
}

/** Where a sign-up of this PC stands. It changes by itself: the core asks the server every few seconds. */
export function WaitingView({ signUp, busy, failure, onCheck, onAgain, onLeave }: WaitingViewProps) {
  const { t } = useTranslation('signin');
  const decided = signUp.state !== 'pending';
  return (
    <section className={styles.form} data-testid="signup-state" data-state={signUp.state}>
      {signUp.state === 'pending' && (
        <Notice kind="warn" title={t('waiting.pending_title')}>
          {t('waiting.pending_text')}
        </Notice>
      )}
      {signUp.state === 'active' && (
        <Notice kind="ok" title={t('waiting.active_title')}>
          {t('waiting.active_text')}
        </Notice>
      )}
      {signUp.state === 'rejected' && (
        <Notice kind="danger" title={t('waiting.rejected_title')}>
          {signUp.reason === '' ? t('waiting.rejected_text') : t('waiting.rejected_reason', { reason: signUp.reason })}
        </Notice>
      )}
      <dl className={styles.facts}>
        <div className={styles.fact}>
          <dt>{t('field.name')}</dt>
          <dd>{signUp.name}</dd>
        </div>
        <div className={styles.fact}>
          <dt>{t('field.username')}</dt>
          <dd>{signUp.username}</dd>
        </div>
      </dl>
      {failure && !busy && <FailureNotice failure={failure} />}
      <div className={styles.buttons}>
        {!decided && (
          <Button size="md" loading={busy} data-testid="signup-check" onClick={onCheck}>
            {t('waiting.check')}
          </Button>
        )}
        {signUp.state === 'rejected' && (
          <Button size="md" loading={busy} data-testid="signup-again" onClick={onAgain}>
            {t('waiting.again')}
          </Button>
        )}
        <Button
          size="md"
          variant={signUp.state === 'active' ? 'filled' : 'default'}
          data-testid="signup-leave"
          onClick={onLeave}
        >
          {signUp.state === 'active' ? t('waiting.go') : t('back_to_sign_in')}
        </Button>
      </div>
    </section>
  );
}
