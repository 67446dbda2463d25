import { Button, PasswordInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { Browsing } from './browsing';
import styles from './form.module.css';
import { Frame } from './frame';

/** In place of everything while the app is locked. Messages go on arriving behind it. */
export function LockScreen() {
  const { t } = useTranslation('signin');
  const bridge = useBridge();
  const name = useMirror((mirror) => mirror.state.me?.name ?? '');
  const byBrowser = useMirror((mirror) => mirror.state.unlock_browser);
  const browsing = useMirror((mirror) => mirror.state.browser);
  const notice = useMirror((mirror) => mirror.state.notice);
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

  if (browsing) {
    return (
      <Frame>
        <Browsing />
      </Frame>
    );
  }
  const problem = failure ?? (byBrowser ? notice : undefined);
  return (
    <Frame>
      <form
        className={styles.form}
        data-testid="lock-screen"
        onSubmit={(event) => {
          event.preventDefault();
          void act(() => (byBrowser ? bridge.unlockByBrowser() : bridge.unlock(password)));
        }}
      >
        <p className={styles.lead}>
          <IconLock className={styles.leadIcon} aria-hidden="true" />
          {t(byBrowser ? 'lock.text_browser' : 'lock.text', { name })}
        </p>
        {problem && !busy && <FailureNotice failure={problem} testId="lock-problem" />}
        {!byBrowser && (
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
        )}
        <div className={styles.buttons}>
          <Button
            type="submit"
            size="md"
            loading={busy}
            disabled={!byBrowser && password === ''}
            data-testid="lock-submit"
          >
            {t(byBrowser ? 'lock.unlock_browser' : 'lock.unlock')}
          </Button>
          <Button size="md" variant="default" disabled={busy} onClick={() => void act(() => bridge.signOut())}>
            {t('lock.sign_out')}
          </Button>
        </div>
      </form>
    </Frame>
  );
}
