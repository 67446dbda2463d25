import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { Notice } from '@/components/notice';
import styles from './form.module.css';
import { KeepCheckbox } from './keep-checkbox';
import { emptyPassword, NewPasswordFields, wrongPassword } from './new-password-fields';

export interface NewPasswordFormProps {
  username: string;
  busy: boolean;
  failure: Failure | undefined;
  canKeep: boolean;
  onSubmit: (password: string, keep: boolean) => void;
  onLeave: () => void;
}

/** An administrator approved: the new password is set here, once and soon. */
export function NewPasswordForm({ username, busy, failure, canKeep, onSubmit, onLeave }: NewPasswordFormProps) {
  const { t } = useTranslation('signin');
  const [next, setNext] = useState(emptyPassword);
  const [keep, setKeep] = useState(true);
  const [tried, setTried] = useState(false);
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(wrongPassword(next)).length === 0) onSubmit(next.password, keep && canKeep);
      }}
    >
      <Notice kind="ok" title={t('reset.approved_title')}>
        {t('reset.approved_text')}
      </Notice>
      <NewPasswordFields value={next} username={username} tried={tried} focused onChange={setNext} />
      <KeepCheckbox keep={keep} canKeep={canKeep} onChange={setKeep} />
      {failure && !busy && <FailureNotice failure={failure} testId="reset-problem" />}
      <div className={styles.buttons}>
        <Button type="submit" size="md" loading={busy} disabled={next.password === ''} data-testid="reset-submit">
          {t('reset.set')}
        </Button>
        <Button size="md" variant="default" data-testid="reset-leave" onClick={onLeave}>
          {t('reset.cancel')}
        </Button>
      </div>
    </form>
  );
}
