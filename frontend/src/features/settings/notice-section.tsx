import { Button, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { Row, Section, useManaged, type SettingsProps } from './section';

/** Notifications: whether, how much they say, and whether they work here. */
export function NoticeSection({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const managed = useManaged();
  return (
    <Section title={t('notifications')}>
      <Row label={t('notify')}>
        <Switch
          aria-label={t('notify')}
          checked={settings.notifications}
          data-testid="settings-notifications"
          onChange={(event) => onChange({ notifications: event.currentTarget.checked })}
        />
      </Row>
      <Row label={t('preview')} hint={t('preview_hint')} managed={managed('preview_content')}>
        <Switch
          aria-label={t('preview')}
          checked={settings.preview_content}
          disabled={!settings.notifications || managed('preview_content')}
          data-testid="settings-preview"
          onChange={(event) => onChange({ preview_content: event.currentTarget.checked })}
        />
      </Row>
      <Row label={t('test')} hint={t('test_hint')}>
        <Button
          variant="default"
          loading={task.busy}
          data-testid="settings-test"
          onClick={() =>
            void task.run(async () => {
              await bridge.testNotification();
              toast(t('test_done'));
            })
          }
        >
          {t('test_button')}
        </Button>
      </Row>
      {task.failure && <FailureNotice failure={task.failure} />}
    </Section>
  );
}
