import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Row, Section, useManaged, type SettingsProps } from './section';

/** How the app behaves on this PC. */
export function SystemSection({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const managed = useManaged();
  return (
    <Section title={t('app')}>
      <Row label={t('autostart')} hint={t('autostart_hint')} managed={managed('autostart')}>
        <Switch
          aria-label={t('autostart')}
          checked={settings.autostart}
          disabled={managed('autostart')}
          data-testid="settings-autostart"
          onChange={(event) => onChange({ autostart: event.currentTarget.checked })}
        />
      </Row>
      <Row label={t('close_to_tray')} hint={t('close_to_tray_hint')} managed={managed('close_to_tray')}>
        <Switch
          aria-label={t('close_to_tray')}
          checked={settings.close_to_tray}
          disabled={managed('close_to_tray')}
          data-testid="settings-close-to-tray"
          onChange={(event) => onChange({ close_to_tray: event.currentTarget.checked })}
        />
      </Row>
    </Section>
  );
}
