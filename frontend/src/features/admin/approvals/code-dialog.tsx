import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { OneTimeCode } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { useTask } from '@/components/use-task';
import { fullTime } from '@/i18n/time';
import styles from './reset-cards.module.css';

export interface CodeDialogProps {
  person: { user_uuid: string; name: string };
  onClose: () => void;
}

/** Makes a one-time code for somebody whose device is lost. It is shown this once, and kept nowhere. */
export function CodeDialog({ person, onClose }: CodeDialogProps) {
  const { t, i18n } = useTranslation('approvals');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const task = useTask();
  const [made, setMade] = useState<OneTimeCode>();
  if (made) {
    return (
      <Dialog title={t('code.made', { name: person.name })} onClose={onClose}>
        <output className={styles.code} data-testid="one-time-code">
          {made.code}
        </output>
        <p className={styles.hint}>{t('code.once', { until: fullTime(i18n.language, made.expires_at) })}</p>
        <Group justify="flex-end" mt="lg">
          <Button data-autofocus onClick={onClose}>
            {tc('close')}
          </Button>
        </Group>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      title={t('code.title', { name: person.name })}
      okLabel={t('code.make')}
      busy={task.busy}
      onOk={() => void task.run(async () => setMade(await bridge.makeResetCode(person.user_uuid)))}
      onClose={onClose}
    >
      {t('code.text')}
      {task.failure && <FailureNotice failure={task.failure} />}
    </ConfirmDialog>
  );
}
