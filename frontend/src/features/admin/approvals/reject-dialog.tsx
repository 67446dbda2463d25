import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';

export interface RejectDialogProps {
  /** Whose request it is. */
  user: { name: string };
  busy: boolean;
  failure: Failure | undefined;
  onReject: (reason: string) => void;
  onClose: () => void;
}

/** Asks for the reason, which the person will read. */
export function RejectDialog({ user, busy, failure, onReject, onClose }: RejectDialogProps) {
  const { t } = useTranslation('approvals');
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog
      danger
      hasField
      busy={busy}
      title={t('reject_title', { name: user.name })}
      okLabel={t('reject')}
      onOk={() => onReject(reason.trim())}
      onClose={onClose}
    >
      <TextInput
        label={t('reason')}
        description={t('reason_hint')}
        value={reason}
        maxLength={200}
        data-autofocus
        data-testid="reject-reason"
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {failure && <FailureNotice failure={failure} />}
    </ConfirmDialog>
  );
}
