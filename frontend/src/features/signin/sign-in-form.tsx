import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { Notice } from '@/components/notice';
import styles from './form.module.css';
import { KeepCheckbox } from './keep-checkbox';
import { NewerStore } from './newer-store';

export interface SignInFormProps {
  busy: boolean;
  failure: Failure | undefined;
  /** Whether this desktop has a keyring in which a sign-in can be kept. */
  canKeep: boolean;
  /** As in KeepCheckbox. */
  keyringWaits?: boolean | undefined;
  onSubmit: (form: { username: string; password: string; keep: boolean }) => void;
  /** What the company calls its sign-in in the browser; undefined: it has none. */
  browserName: string | undefined;
  onBrowser: (keep: boolean) => void;
  onSignUp: () => void;
  onForgot: () => void;
  /** A store of a newer version was set aside: the failure is no more. */
  onAnew: () => void;
}

/** User name and password. */
export function SignInForm(props: SignInFormProps) {
  const { busy, failure, canKeep, keyringWaits, browserName, onSubmit, onBrowser, onSignUp, onForgot, onAnew } = props;
  const { t } = useTranslation('signin');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [keep, setKeep] = useState(true);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit({ username, password, keep: keep && canKeep });
      }}
    >
      {failure && !busy && <SignInFailure failure={failure} onDone={onAnew} />}
      <TextInput
        ref={first}
        label={t('username')}
        size="md"
        value={username}
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={100}
        data-testid="signin-username"
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('password')}
        size="md"
        value={password}
        autoComplete="current-password"
        maxLength={128}
        data-testid="signin-password"
        visibilityToggleButtonProps={{ 'aria-label': t('show_password') }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <div className={styles.between}>
        <KeepCheckbox keep={keep} canKeep={canKeep} waits={keyringWaits} onChange={setKeep} />
        <button type="button" className={styles.forgot} data-testid="forgot-open" onClick={onForgot}>
          {t('reset.open')}
        </button>
      </div>
      <div className={styles.buttons}>
        <Button
          type="submit"
          size="md"
          loading={busy}
          disabled={username.trim() === '' || password === ''}
          data-testid="signin-submit"
        >
          {t('sign_in')}
        </Button>
        {browserName !== undefined && (
          <Button
            size="md"
            variant="default"
            disabled={busy}
            leftSection={<IconExternalLink size="1.125rem" aria-hidden="true" />}
            data-testid="signin-browser"
            onClick={() => onBrowser(keep && canKeep)}
          >
            {browserName === '' ? t('browser.sign_in') : browserName}
          </Button>
        )}
        <Button size="md" variant="default" data-testid="signup-open" onClick={onSignUp}>
          {t('sign_up')}
        </Button>
      </div>
    </form>
  );
}

/** Waiting for approval is no mistake of the user's, and a password that was set is good news; all else is a failure. */
function SignInFailure({ failure, onDone }: { failure: Failure; onDone: () => void }) {
  const { t } = useTranslation('signin');
  if (failure.reason === 'pending') {
    return (
      <Notice kind="warn" title={t('pending_title')} testId="signin-problem">
        {t('pending_text')}
      </Notice>
    );
  }
  if (failure.reason === 'password_set') {
    return (
      <Notice kind="ok" title={t('reset.set_title')} testId="signin-problem">
        {t('reset.set_text')}
      </Notice>
    );
  }
  if (failure.reason === 'store_anew') {
    return (
      <Notice kind="ok" title={t('anew.done_title')} testId="signin-problem">
        {t('anew.done_text')}
      </Notice>
    );
  }
  if (failure.reason === 'newer_store') return <NewerStore failure={failure} onDone={onDone} />;
  return <FailureNotice failure={failure} testId="signin-problem" />;
}
