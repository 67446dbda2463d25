import { Autocomplete, Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure, RegisterRequest } from '@/bridge/types';
import { fieldError } from '@/components/field-error';
import { FailureNotice, useFailureText } from '@/components/failure-notice';
import styles from './form.module.css';
import { passwordStrength } from './password-strength';
import { emptySignUp, wrongFields, type SignUpValues } from './sign-up-fields';
import { StrengthMeter } from './strength-meter';

export interface SignUpFormProps {
  busy: boolean;
  failure: Failure | undefined;
  departments: readonly string[];
  onSubmit: (form: RegisterRequest) => void;
  onBack: () => void;
}

const limit = 100;

/** Which field a refusal is about when the server names none. */
const takenField: Record<string, keyof SignUpValues> = {
  username_taken: 'username',
  email_taken: 'email',
  employee_id_taken: 'employee_id',
  weak_password: 'password',
};

/** Asks for an account; an administrator decides. */
export function SignUpForm({ busy, failure, departments, onSubmit, onBack }: SignUpFormProps) {
  const { t } = useTranslation('signin');
  const failureText = useFailureText();
  const [values, setValues] = useState(emptySignUp);
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState(emptySignUp);
  const wrong = wrongFields(values);
  /** What the server says of a field, until it is written anew. */
  const refused = (field: keyof SignUpValues) => {
    if (!failure || busy || values[field] !== sent[field]) return undefined;
    return takenField[failure.reason] === field ? failureText(failure) : fieldError(failure, field);
  };

  const set = (field: keyof SignUpValues, value: string) => setValues((held) => ({ ...held, [field]: value }));
  const common = (field: keyof SignUpValues) => {
    const problem = tried ? wrong[field] : undefined;
    return {
      label: t(`field.${field}`),
      value: values[field],
      withAsterisk: field !== 'birth_date',
      maxLength: limit,
      error: problem ? t(`wrong.${problem}`) : refused(field),
      'data-testid': `signup-${field}`,
    };
  };
  const text = (field: keyof SignUpValues) => (
    <TextInput {...common(field)} onChange={(event) => set(field, event.currentTarget.value)} />
  );

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        setSent(values);
        const { again: _, ...form } = values;
        if (Object.keys(wrong).length === 0) onSubmit(form);
      }}
    >
      <div>
        <h2 className={styles.title}>{t('sign_up')}</h2>
        <p className={styles.lead}>{t('sign_up_lead')}</p>
      </div>
      <div className={styles.pair}>
        {text('name')}
        {text('employee_id')}
      </div>
      <div className={styles.pair}>
        <Autocomplete
          {...common('department')}
          data={[...departments]}
          limit={8}
          onChange={(value) => set('department', value)}
        />
        <TextInput
          {...common('birth_date')}
          placeholder="1990-01-31"
          inputMode="numeric"
          onChange={(event) => set('birth_date', event.currentTarget.value)}
        />
      </div>
      <div className={styles.pair}>
        {text('position')}
        {text('grade')}
      </div>
      {text('email')}
      <TextInput
        {...common('username')}
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        description={t('username_hint')}
        onChange={(event) => set('username', event.currentTarget.value)}
      />
      <PasswordInput
        {...common('password')}
        maxLength={128}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('show_password') }}
        onChange={(event) => set('password', event.currentTarget.value)}
      />
      {values.password !== '' && <StrengthMeter strength={passwordStrength(values.password, values.username)} />}
      <PasswordInput
        {...common('again')}
        maxLength={128}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('show_password') }}
        onChange={(event) => set('again', event.currentTarget.value)}
      />
      {failure && !busy && <FailureNotice failure={failure} testId="signup-problem" />}
      <div className={styles.buttons}>
        <Button type="submit" size="md" loading={busy} data-testid="signup-submit">
          {t('ask_for_account')}
        </Button>
        <Button size="md" variant="default" onClick={onBack}>
          {t('back_to_sign_in')}
        </Button>
      </div>
    </form>
  );
}
