import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Failure, PasswordReset } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { Notice } from '@/components/notice';
import styles from './form.module.css';
import { NewPasswordForm } from './new-password-form';

export interface ResetViewProps {
  reset: PasswordReset;
  busy: boolean;
  failure: Failure | undefined;
  canKeep: boolean;
  onCheck: () => void;
  onSet: (password: string, keep: boolean) => void;
  /** Forgets the request and asks anew. */
  onAgain: () => void;
  /** Forgets the request and goes back to signing in. */
  onLeave: () => void;
}

/** How a request that leads nowhere any more ended. */
const endings = ['rejected', 'expired', 'replaced', 'lost'] as const;
type Ending = (typeof endings)[number];

/** Where the request for a new password stands. It changes by itself: the core asks the server. */
export function ResetView(props: ResetViewProps) {
  const { reset, busy, failure, canKeep, onSet, onLeave } = props;
  const ending = endings.find((state) => state === reset.state);
  return (
    <section className={styles.form} data-testid="reset-state" data-state={reset.state}>
      {reset.state === 'pending' && <Pending {...props} />}
      {reset.state === 'approved' && (
        <NewPasswordForm
          username={reset.username}
          busy={busy}
          failure={failure}
          canKeep={canKeep}
          onSubmit={onSet}
          onLeave={onLeave}
        />
      )}
      {reset.state === 'completed' && <Completed onLeave={onLeave} />}
      {ending && <Ended {...props} ending={ending} />}
    </section>
  );
}

function Pending({ reset, busy, failure, onCheck, onLeave }: ResetViewProps) {
  const { t } = useTranslation('signin');
  return (
    <>
      <Notice kind="warn" title={t('reset.pending_title')}>
        {t('reset.pending_text')}
      </Notice>
      <div className={styles.compare}>
        <span className={styles.compareLabel}>{t('reset.compare_code')}</span>
        {/* Letter by letter, as it is said on the phone. */}
        <output className={styles.compareCode} aria-label={[...reset.compare_code].join(' ')} data-testid="reset-code">
          {reset.compare_code}
        </output>
        <p className={styles.compareHint}>{t('reset.compare_hint')}</p>
      </div>
      {failure && !busy && <FailureNotice failure={failure} testId="reset-problem" />}
      <div className={styles.buttons}>
        <Button size="md" loading={busy} data-testid="reset-check" onClick={onCheck}>
          {t('waiting.check')}
        </Button>
        <Button size="md" variant="default" data-testid="reset-leave" onClick={onLeave}>
          {t('reset.cancel')}
        </Button>
      </div>
    </>
  );
}

function Completed({ onLeave }: Pick<ResetViewProps, 'onLeave'>) {
  const { t } = useTranslation('signin');
  return (
    <>
      <Notice kind="ok" title={t('reset.set_title')}>
        {t('reset.set_text')}
      </Notice>
      <div className={styles.buttons}>
        <Button size="md" data-testid="reset-leave" onClick={onLeave}>
          {t('waiting.go')}
        </Button>
      </div>
    </>
  );
}

function Ended({ reset, ending, busy, failure, onAgain, onLeave }: ResetViewProps & { ending: Ending }) {
  const { t } = useTranslation('signin');
  return (
    <>
      <Notice kind={ending === 'rejected' ? 'danger' : 'warn'} title={t(`reset.${ending}_title`)}>
        {reset.reason === '' ? t(`reset.${ending}_text`) : t('waiting.rejected_reason', { reason: reset.reason })}
      </Notice>
      {failure && !busy && <FailureNotice failure={failure} testId="reset-problem" />}
      <div className={styles.buttons}>
        <Button size="md" loading={busy} data-testid="reset-again" onClick={onAgain}>
          {t('reset.again')}
        </Button>
        <Button size="md" variant="default" data-testid="reset-leave" onClick={onLeave}>
          {t('back_to_sign_in')}
        </Button>
      </div>
    </>
  );
}
