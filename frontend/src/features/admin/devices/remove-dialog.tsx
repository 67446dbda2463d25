import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { PersonDevice } from '@/bridge/types';
import { useToast } from '@/components/toast';
import { ActDialog } from '@/features/admin/act-dialog';

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
  const [all, setAll] = useState(false);
  const name = device.name === '' ? t('unnamed') : device.name;

  async function remove(reason: string) {
    const count = await bridge.removeDevices(device.user_uuid, all ? '' : device.session_uuid, reason);
    toast(t('removed', { count }));
  }

  return (
    <ActDialog
      name="remove"
      danger
      title={t('remove_title', { person: device.person_name })}
      okLabel={t('remove')}
      reason="needed"
      call={remove}
      onDone={onDone}
      onClose={onClose}
    >
      <Radio.Group aria-label={t('which')} value={all ? 'all' : 'one'} onChange={(value) => setAll(value === 'all')}>
        <Stack gap="xs">
          <Radio value="one" label={t('one', { name })} data-testid="remove-one" />
          <Radio value="all" label={t('all', { person: device.person_name })} data-testid="remove-all" />
        </Stack>
      </Radio.Group>
      <span>{t('remove_text')}</span>
    </ActDialog>
  );
}
