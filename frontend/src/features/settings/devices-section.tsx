import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Device } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { deviceFacts } from '@/components/device-words';
import { FailureNotice } from '@/components/failure-notice';
import { ListSkeleton } from '@/components/list-skeleton';
import { useToast } from '@/components/toast';
import { useNow } from '@/components/use-now';
import { useTask } from '@/components/use-task';
import { listTime } from '@/i18n/time';
import { Row, Section } from './section';
import { useDevices } from './use-devices';

/** Where one is signed in, and signing out there. */
export function DevicesSection() {
  const { t } = useTranslation('settings');
  const { t: tc } = useTranslation();
  const { state, reload } = useDevices();
  const [ending, setEnding] = useState<Device | 'others'>();
  const devices = state.kind === 'loaded' ? state.devices : [];
  return (
    <Section title={t('devices')}>
      {state.kind === 'loading' && <ListSkeleton rows={2} />}
      {state.kind === 'failed' && (
        <>
          <FailureNotice failure={state.failure} title={t('devices_failed')} testId="devices-problem" />
          <Row label={t('devices_retry')}>
            <Button variant="default" onClick={reload}>
              {tc('retry')}
            </Button>
          </Row>
        </>
      )}
      {devices.map((device) => (
        <DeviceRow key={device.session_uuid} device={device} onEnd={() => setEnding(device)} />
      ))}
      {devices.length > 1 && (
        <Row label={t('devices_others')} hint={t('devices_others_hint')}>
          <Button variant="default" data-testid="devices-others" onClick={() => setEnding('others')}>
            {t('devices_others_button')}
          </Button>
        </Row>
      )}
      {ending && <EndDialog ending={ending} onDone={reload} onClose={() => setEnding(undefined)} />}
    </Section>
  );
}

function DeviceRow({ device, onEnd }: { device: Device; onEnd: () => void }) {
  const { t, i18n } = useTranslation('settings');
  const { t: tc } = useTranslation();
  const now = useNow(60_000);
  const seen = t('device_seen', { when: listTime(i18n.language, device.last_seen_at, now, tc('yesterday')) });
  const name = device.name === '' ? t('device_unnamed') : device.name;
  return (
    <Row label={name} hint={[deviceFacts(device), seen].filter((part) => part !== '').join(' · ')}>
      {device.current ? (
        <strong data-testid="device-current">{t('device_current')}</strong>
      ) : (
        <Button variant="default" aria-label={t('device_end_label', { name })} data-testid="device-end" onClick={onEnd}>
          {t('sign_out')}
        </Button>
      )}
    </Row>
  );
}

interface EndDialogProps {
  ending: Device | 'others';
  onDone: () => void;
  onClose: () => void;
}

/** What signing out there means. */
function EndDialog({ ending, onDone, onClose }: EndDialogProps) {
  const { t } = useTranslation('settings');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const others = ending === 'others';
  const end = async () => {
    const done = await task.run(async () => {
      if (others) await bridge.signOutOthers();
      else await bridge.signOutDevice(ending.session_uuid);
    });
    if (!done) return;
    toast(t('device_ended'));
    onDone();
    onClose();
  };
  return (
    <ConfirmDialog
      danger
      busy={task.busy}
      title={others ? t('devices_others_title') : t('device_end_title', { name: ending.name || t('device_unnamed') })}
      okLabel={t('sign_out')}
      onOk={() => void end()}
      onClose={onClose}
    >
      {t('device_end_text')}
      {task.failure && <FailureNotice failure={task.failure} />}
    </ConfirmDialog>
  );
}
