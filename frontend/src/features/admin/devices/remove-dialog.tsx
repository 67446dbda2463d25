import { Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { PersonDevice } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';

export interface RemoveDialogProps {
  device: PersonDevice;
  onDone: () => void;
  onClose: () => void;
}

/** This device or all of the person's, and why. What it means stands there before it is done. */
export function RemoveDialog({ device, onDone, onClose }: RemoveDialogProps) {
  const { t } = useTranslation('devices');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [all, setAll] = useState(false);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const missing = reason.trim() === '';
  const name = device.name === '' ? t('unnamed') : device.name;

  async function remove() {
    setTried(true);
    if (missing) return;
    let count = 0;
    const done = await task.run(async () => {
      count = await bridge.removeDevices(device.user_uuid, all ? '' : device.session_uuid, reason.trim());
    });
    if (!done) return;
    toast(t('removed', { count }));
    onDone();
    onClose();
  }

  return (
    <ConfirmDialog
      danger
      hasField
      busy={task.busy}
      title={t('remove_title', { person: device.person_name })}
      okLabel={t('remove')}
      onOk={() => void remove()}
      onClose={onClose}
    >
      <Stack gap="md">
        <Radio.Group aria-label={t('which')} value={all ? 'all' : 'one'} onChange={(value) => setAll(value === 'all')}>
          <Stack gap="xs">
            <Radio value="one" label={t('one', { name })} data-testid="remove-one" />
            <Radio value="all" label={t('all', { person: device.person_name })} data-testid="remove-all" />
          </Stack>
        </Radio.Group>
        <span>{t('remove_text')}</span>
        <TextInput
          label={t('reason')}
          description={t('reason_hint')}
          value={reason}
          withAsterisk
          maxLength={200}
          error={tried && missing ? t('reason_missing') : undefined}
          data-autofocus
          data-testid="remove-reason"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {task.failure && <FailureNotice failure={task.failure} />}
      </Stack>
    </ConfirmDialog>
  );
}
