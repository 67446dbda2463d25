import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { AdminNotice } from '@/bridge/types';
import { ActDialog } from '@/features/admin/act-dialog';

export interface WithdrawDialogProps {
  notice: AdminNotice;
  onDone: () => void;
  onClose: () => void;
}

/** Takes a notice from its readers, for a reason that the audit keeps. */
export function WithdrawDialog({ notice, onDone, onClose }: WithdrawDialogProps) {
  const { t } = useTranslation('notices_admin');
  const bridge = useBridge();
  return (
    <ActDialog
      name="withdraw"
      danger
      title={t('withdraw_title')}
      text={t('withdraw_text', { asked: notice.asked })}
      okLabel={t('withdraw')}
      reason="needed"
      call={(reason) => bridge.withdrawNotice(notice.notice_uuid, reason)}
      done={t('was_withdrawn')}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
