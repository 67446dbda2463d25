import { Autocomplete, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import styles from './form.module.css';

/** Who lost his password. */
export interface Forgotten {
  username: string;
  employee_id: string;
  department: string;
}

export interface ForgotFormProps {
  busy: boolean;
  failure: Failure | undefined;
  departments: readonly string[];
  onSubmit: (form: Forgotten) => void;
  /** An administrator gave a code by hand. */
  onCode: () => void;
  onBack: () => void;
}

const limit = 100;

/** Asks for a new password. The answer is the same whoever is named; an administrator rings and decides. */
export function ForgotForm({ busy, failure, departments, onSubmit, onCode, onBack }: ForgotFormProps) {
  const { t } = useTranslation('signin');
  const [values, setValues] = useState<Forgotten>({ username: '', employee_id: '', department: '' });
  const common = (field: keyof Forgotten) => ({
    label: t(`field.${field}`),
    size: 'md',
    value: values[field],
    maxLength: limit,
    spellCheck: false,
    'data-testid': `forgot-${field}`,
  });
  const set = (field: keyof Forgotten, value: string) => setValues((held) => ({ ...held, [field]: value }));
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(values);
      }}
    >
      <div>
        <h2 className={styles.title}>{t('reset.title')}</h2>
        <p className={styles.lead}>{t('reset.lead')}</p>
      </div>
      <TextInput
        {...common('username')}
        ref={focusOnce}
        autoComplete="username"
        autoCapitalize="off"
        onChange={(event) => set('username', event.currentTarget.value)}
      />
      <TextInput {...common('employee_id')} onChange={(event) => set('employee_id', event.currentTarget.value)} />
      <Autocomplete
        {...common('department')}
        data={[...departments]}
        limit={8}
        onChange={(value) => set('department', value)}
      />
      {failure && !busy && <FailureNotice failure={failure} testId="forgot-problem" />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          size="md"
          loading={busy}
          disabled={Object.values(values).some((value: string) => value.trim() === '')}
          data-testid="forgot-submit"
        >
          {t('reset.ask')}
        </Button>
        <Button size="md" variant="default" data-testid="forgot-code" onClick={onCode}>
          {t('reset.have_code')}
        </Button>
        <Button size="md" variant="subtle" data-testid="forgot-back" onClick={onBack}>
          {t('back_to_sign_in')}
        </Button>
      </div>
    </form>
  );
}

/** The first field has the focus when the form appears. */
function focusOnce(input: HTMLInputElement | null) {
  input?.focus();
}
