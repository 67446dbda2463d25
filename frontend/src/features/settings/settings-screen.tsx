import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Settings } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { useTask } from '@/components/use-task';
import { AboutSection } from './about-section';
import { AccountSection } from './account-section';
import { DevicesSection } from './devices-section';
import { LookSection } from './look-section';
import { NetworkSection } from './network-section';
import { NoticeSection } from './notice-section';
import { ProfileSection } from './profile-section';
import styles from './settings-screen.module.css';
import { StorageSection } from './storage-section';
import { SystemSection } from './system-section';

/** All that one chooses for oneself on this PC. A change takes effect at once; there is nothing to save. */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const bridge = useBridge();
  const settings = useMirror((mirror) => mirror.settings);
  const me = useMirror((mirror) => mirror.state.me);
  const saving = useTask();
  const change = (part: Partial<Settings>) => void saving.run(() => bridge.saveSettings({ ...settings, ...part }));
  return (
    <main className={styles.screen}>
      <div className={styles.column}>
        <h1 className={styles.title}>{t('title')}</h1>
        {saving.failure && <FailureNotice failure={saving.failure} title={t('not_saved')} />}
        {me && <ProfileSection me={me} />}
        <LookSection settings={settings} onChange={change} />
        <NoticeSection settings={settings} onChange={change} />
        <SystemSection settings={settings} onChange={change} />
        <NetworkSection settings={settings} onChange={change} />
        <StorageSection settings={settings} onChange={change} />
        <AccountSection />
        <DevicesSection />
        <AboutSection />
      </div>
    </main>
  );
}
