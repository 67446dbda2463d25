import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KeywordRow } from './keyword-row';
import { QuietRows } from './quiet-rows';
import { Row, Section, useManaged, type SettingsProps } from './section';
import { TestRow } from './test-row';

type Choice = 'notifications' | 'preview_content' | 'mentions_always' | 'sound' | 'flash';

/** Notifications: whether and when, how much they say, and whether they work here. */
export function NoticeSection(props: SettingsProps) {
  const { settings, onChange } = props;
  const { t } = useTranslation('settings');
  const managed = useManaged();
  const choice = (name: Choice, label: string, testId: string, hint?: string) => (
    <Row label={label} managed={managed(name)} {...(hint ? { hint } : {})}>
      <Switch
        aria-label={label}
        checked={settings[name]}
        disabled={(name !== 'notifications' && !settings.notifications) || managed(name)}
        data-testid={testId}
        onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
      />
    </Row>
  );
  return (
    <Section title={t('notifications')}>
      {choice('notifications', t('notify'), 'settings-notifications')}
      {choice('preview_content', t('preview'), 'settings-preview', t('preview_hint'))}
      {choice('mentions_always', t('mentions_always'), 'settings-mentions', t('mentions_always_hint'))}
      <KeywordRow {...props} />
      {choice('sound', t('sound'), 'settings-sound', t('sound_hint'))}
      {choice('flash', t('flash'), 'settings-flash', t('flash_hint'))}
      <QuietRows {...props} />
      <TestRow />
    </Section>
  );
}
