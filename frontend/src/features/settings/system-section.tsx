import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Row, Section, type SettingsProps } from './section';

/** How the app behaves on this PC. */
export function SystemSection({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  return (
    <Section title={t('app')}>
      <Row label={t('close_to_tray')} hint={t('close_to_tray_hint')}>
        <Switch
          aria-label={t('close_to_tray')}
          checked={settings.close_to_tray}
          data-testid="settings-close-to-tray"
          onChange={(event) => onChange({ close_to_tray: event.currentTarget.checked })}
        />
      </Row>
    </Section>
  );
}
