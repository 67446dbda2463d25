import { Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { AdminNotice } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';

export interface WithdrawDialogProps {
  notice: AdminNotice;
  onDone: () => void;
  onClose: () => void;
}

/** Takes a notice from its readers, for a reason that the audit keeps. */
export function WithdrawDialog({ notice, onDone, onClose }: WithdrawDialogProps) {
  const { t } = useTranslation('notices_admin');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const missing = reason.trim() === '';

  async function withdraw() {
    setTried(true);
    if (missing || !(await task.run(() => bridge.withdrawNotice(notice.notice_uuid, reason.trim())))) return;
    toast(t('was_withdrawn'));
    onDone();
    onClose();
  }

  return (
    <ConfirmDialog
      danger
      hasField
      busy={task.busy}
      title={t('withdraw_title')}
      okLabel={t('withdraw')}
      onOk={() => void withdraw()}
      onClose={onClose}
    >
      <Stack gap="md">
        <span>{t('withdraw_text', { asked: notice.asked })}</span>
        <TextInput
          label={t('reason')}
          description={t('reason_hint')}
          withAsterisk
          maxLength={200}
          value={reason}
          error={tried && missing ? t('missing') : undefined}
          data-autofocus
          data-testid="withdraw-reason"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {task.failure && <FailureNotice failure={task.failure} />}
      </Stack>
    </ConfirmDialog>
  );
}
