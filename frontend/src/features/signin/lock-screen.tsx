import { Button, PasswordInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import styles from './form.module.css';
import { Frame } from './frame';

/** In place of everything while the app is locked. Messages go on arriving behind it. */
export function LockScreen() {
  const { t } = useTranslation('signin');
  const bridge = useBridge();
  const name = useMirror((mirror) => mirror.state.me?.name ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function act(call: () => Promise<void>) {
    setBusy(true);
    setFailure(undefined);
    try {
      await call();
    } catch (error) {
      setFailure(asFailure(error));
      setPassword('');
      field.current?.focus();
    }
    setBusy(false);
  }

  return (
    <Frame>
      <form
        className={styles.form}
        data-testid="lock-screen"
        onSubmit={(event) => {
          event.preventDefault();
          void act(() => bridge.unlock(password));
        }}
      >
        <p className={styles.lead}>
          <IconLock className={styles.leadIcon} aria-hidden="true" />
          {t('lock.text', { name })}
        </p>
        {failure && !busy && <FailureNotice failure={failure} testId="lock-problem" />}
        <PasswordInput
          ref={field}
          label={t('password')}
          size="md"
          value={password}
          autoComplete="current-password"
          maxLength={128}
          data-testid="lock-password"
          visibilityToggleButtonProps={{ 'aria-label': t('show_password') }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <div className={styles.buttons}>
          <Button type="submit" size="md" loading={busy} disabled={password === ''} data-testid="lock-submit">
            {t('lock.unlock')}
          </Button>
          <Button size="md" variant="default" disabled={busy} onClick={() => void act(() => bridge.signOut())}>
            {t('lock.sign_out')}
          </Button>
        </div>
      </form>
    </Frame>
  );
}
