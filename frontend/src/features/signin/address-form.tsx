import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { fieldError } from '@/components/field-error';
import styles from './form.module.css';

export interface AddressFormProps {
  address: string;
  busy: boolean;
  failure: Failure | undefined;
  /** What happened before this screen came. */
  notice: Failure | undefined;
  onChange: (address: string) => void;
  onSubmit: () => void;
}

/** Where the company's server is. */
export function AddressForm({ address, busy, failure, notice, onChange, onSubmit }: AddressFormProps) {
  const { t } = useTranslation('signin');
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div>
        <h2 className={styles.title}>{t('connect.title')}</h2>
        <p className={styles.lead}>{t('connect.lead')}</p>
      </div>
      {notice && !failure && <FailureNotice failure={notice} testId="connect-notice" />}
      {failure && !busy && <FailureNotice failure={failure} title={t('connect.failed')} testId="connect-problem" />}
      <TextInput
        ref={first}
        label={t('connect.address')}
        placeholder="talk.company.co.kr"
        size="md"
        value={address}
        autoComplete="off"
        spellCheck={false}
        data-testid="connect-address"
        maxLength={300}
        error={!busy && fieldError(failure, 'address')}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className={styles.buttons}>
        <Button type="submit" size="md" loading={busy} disabled={address.trim() === ''} data-testid="connect-submit">
          {t('connect.check')}
        </Button>
      </div>
    </form>
  );
}
