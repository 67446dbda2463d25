import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { Notice } from '@/components/notice';
import styles from './form.module.css';
import { KeepCheckbox } from './keep-checkbox';
import { emptyPassword, NewPasswordFields, wrongPassword } from './new-password-fields';

export interface CodeFormProps {
  busy: boolean;
  failure: Failure | undefined;
  canKeep: boolean;
  onSubmit: (form: { username: string; code: string; password: string; keep: boolean }) => void;
  onBack: () => void;
}

/** A one-time code that an administrator gave by hand, and the new password that it is exchanged for. */
export function CodeForm({ busy, failure, canKeep, onSubmit, onBack }: CodeFormProps) {
  const { t } = useTranslation('signin');
  const [username, setUsername] = useState('');
  const [code, setCode] = useState('');
  const [next, setNext] = useState(emptyPassword);
  const [keep, setKeep] = useState(true);
  const [tried, setTried] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(wrongPassword(next)).length > 0) return;
        onSubmit({ username, code, password: next.password, keep: keep && canKeep });
      }}
    >
      <div>
        <h2 className={styles.title}>{t('reset.code_title')}</h2>
        <p className={styles.lead}>{t('reset.code_lead')}</p>
      </div>
      <TextInput
        ref={first}
        label={t('username')}
        size="md"
        value={username}
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={100}
        data-testid="code-username"
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <TextInput
        label={t('reset.code')}
        size="md"
        value={code}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={40}
        classNames={{ input: styles.code }}
        data-testid="code-code"
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <NewPasswordFields value={next} username={username} tried={tried} onChange={setNext} />
      <KeepCheckbox keep={keep} canKeep={canKeep} onChange={setKeep} />
      {failure && !busy && <CodeFailure failure={failure} />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          size="md"
          loading={busy}
          disabled={username.trim() === '' || code.trim() === '' || next.password === ''}
          data-testid="code-submit"
        >
          {t('reset.set')}
        </Button>
        <Button size="md" variant="default" data-testid="code-back" onClick={onBack}>
          {t('back_to_sign_in')}
        </Button>
      </div>
    </form>
  );
}

/** Whichever of the two is wrong, or used up: the words are the same. */
function CodeFailure({ failure }: { failure: Failure }) {
  const { t } = useTranslation('signin');
  if (failure.code === 'forbidden' && failure.reason === '') {
    return (
      <Notice kind="danger" code={failure.code} testId="code-problem">
        {t('reset.code_wrong')}
      </Notice>
    );
  }
  return <FailureNotice failure={failure} testId="code-problem" />;
}
