import { lazy, Suspense, useEffect, useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@mantine/core';
import { useMirror, useSession } from '@/bridge/session-context';
import type { Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { Logo } from '@/components/logo';
import { dropLaunchPicture } from '@/features/chat/rooms/launch-picture';
import styles from './app.module.css';
import { MainWindow } from './main-window';
import { Providers } from './providers';

const ConnectScreen = lazy(async () => ({ default: (await import('@/features/signin/connect-screen')).ConnectScreen }));
const AccountScreen = lazy(async () => ({ default: (await import('@/features/signin/account-screen')).AccountScreen }));
const LockScreen = lazy(async () => ({ default: (await import('@/features/signin/lock-screen')).LockScreen }));

export interface AppProps {
  /** The session's first start. */
  started: Promise<Failure | undefined>;
}

/** The whole page: shows the screen of the session's phase. */
export function App({ started }: AppProps) {
  const session = useSession();
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    void started.then(setFailure);
  }, [started]);
  const retry = () => {
    setFailure(undefined);
    void session.start().then(setFailure);
  };
  return (
    <Providers>
      <Suspense fallback={<Splash />}>
        {failure ? <StartFailed failure={failure} onRetry={retry} /> : <CurrentScreen />}
      </Suspense>
    </Providers>
  );
}

function CurrentScreen() {
  const phase = useMirror(({ state }) => state.phase);
  const locked = useMirror(({ state }) => state.locked);
  const elsewhere = locked || (phase !== 'starting' && phase !== 'signed_in');
  // The list takes it away itself.
  useLayoutEffect(() => {
    if (elsewhere) dropLaunchPicture();
  }, [elsewhere]);
  if (locked) return <LockScreen />;
  switch (phase) {
    case 'connect':
      return <ConnectScreen />;
    case 'signed_out':
    case 'waiting':
    case 'resetting':
      return <AccountScreen />;
    case 'signed_in':
      return <MainWindow />;
    default:
      return <Splash />;
  }
}

function Splash() {
  const { t } = useTranslation();
  return (
    <div className={styles.splash} role="status" aria-label={t('loading')}>
      <Logo />
    </div>
  );
}

function StartFailed({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.splash}>
      <div className={styles.failed}>
        <FailureNotice failure={failure} title={t('start_failed')} />
        <Button onClick={onRetry}>{t('retry')}</Button>
      </div>
    </div>
  );
}
