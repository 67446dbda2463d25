import { useTranslation } from 'react-i18next';
import { ActDialog } from '@/features/admin/act-dialog';

export interface RejectDialogProps {
  /** Whose request it is. */
  user: { name: string };
  onReject: (reason: string) => Promise<unknown>;
  /** What is said when it is done. */
  done: string;
  onClose: () => void;
}

/** Asks for the reason, which the person will read. */
export function RejectDialog({ user, onReject, done, onClose }: RejectDialogProps) {
  const { t } = useTranslation('approvals');
  return (
    <ActDialog
      name="reject"
      danger
      title={t('reject_title', { name: user.name })}
      okLabel={t('reject')}
      reason="optional"
      reasonHint={t('reason_hint')}
      call={onReject}
      done={done}
      onClose={onClose}
    />
  );
}
