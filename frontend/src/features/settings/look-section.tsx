import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Row, Section, type SettingsProps } from './section';

const zooms = [80, 90, 100, 110, 125, 150, 175, 200];

/** Language, theme, size, and what Enter does. */
export function LookSection({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  return (
    <Section title={t('look')}>
      <Row label={t('language')}>
        <SegmentedControl
          aria-label={t('language')}
          data-testid="settings-language"
          value={settings.language}
          data={[
            { value: '', label: t('system') },
            { value: 'ko', label: '한국어' },
            { value: 'en', label: 'English' },
          ]}
          onChange={(language) => onChange({ language })}
        />
      </Row>
      <Row label={t('theme')}>
        <SegmentedControl
          aria-label={t('theme')}
          data-testid="settings-theme"
          value={settings.theme}
          data={[
            { value: 'system', label: t('system') },
            { value: 'light', label: t('light') },
            { value: 'dark', label: t('dark') },
          ]}
          onChange={(theme) => onChange({ theme })}
        />
      </Row>
      <Row label={t('zoom')}>
        <NativeSelect
          aria-label={t('zoom')}
          data-testid="settings-zoom"
          value={String(settings.zoom)}
          data={zooms.map((zoom) => ({ value: String(zoom), label: `${zoom}%` }))}
          onChange={(event) => onChange({ zoom: Number(event.currentTarget.value) })}
        />
      </Row>
      <Row label={t('send_key')} hint={t(`send_key_hint_${settings.send_key === 'enter' ? 'enter' : 'ctrl'}`)}>
        <SegmentedControl
          aria-label={t('send_key')}
          data-testid="settings-send-key"
          value={settings.send_key}
          data={[
            { value: 'enter', label: 'Enter' },
            { value: 'ctrl_enter', label: 'Ctrl+Enter' },
          ]}
          onChange={(send_key) => onChange({ send_key })}
        />
      </Row>
    </Section>
  );
}
