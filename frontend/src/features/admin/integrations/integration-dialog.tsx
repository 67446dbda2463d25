import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Integration, IntegrationSecret } from '@/bridge/types';
import { ActDialog } from '@/features/admin/act-dialog';

/** What is done to a webhook or token. */
export type IntegrationAct = 'rotate' | 'disable' | 'enable' | 'remove';

export interface IntegrationDialogProps {
  act: IntegrationAct;
  integration: Integration;
  /** Takes the new secret, which is told only now. */
  onTold: (secret: IntegrationSecret) => void;
  onDone: () => void;
  onClose: () => void;
}

/** Says what an act will do to a webhook or token, and does it. */
export function IntegrationDialog({ act, integration, onTold, onDone, onClose }: IntegrationDialogProps) {
  const { t } = useTranslation('integrations');
  const bridge = useBridge();
  const [fromNow, setFromNow] = useState(false);
  const { integration_uuid: id, name, kind, waiting } = integration;
  const asksWhence = act === 'enable' && kind === 'outgoing' && waiting > 0;

  async function run() {
    switch (act) {
      case 'rotate':
        onTold(await bridge.rotateIntegration(id));
        return;
      case 'remove':
        await bridge.removeIntegration(id);
        return;
      default:
        await bridge.setIntegration(id, act === 'enable', asksWhence && fromNow);
    }
  }

  return (
    <ActDialog
      name={`integration-${act}`}
      danger={act === 'remove' || act === 'rotate'}
      hasField={asksWhence}
      title={t(`ask.${act}`, { name })}
      text={t(`text.${act}`)}
      okLabel={t(`act.${act}`)}
      {...(act === 'rotate' ? {} : { done: t(`done.${act}`) })}
      call={run}
      onDone={onDone}
      onClose={onClose}
    >
      {asksWhence && (
        <Checkbox
          label={t('from_now', { count: waiting })}
          checked={fromNow}
          data-autofocus
          data-testid="integration-from-now"
          onChange={(event) => setFromNow(event.currentTarget.checked)}
        />
      )}
    </ActDialog>
  );
}
