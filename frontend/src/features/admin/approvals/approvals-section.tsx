import { useTranslation } from 'react-i18next';
import { SectionPage } from '@/features/admin/section-page';
import { ResetApprovals } from './reset-approvals';
import { SignUpApprovals } from './sign-up-approvals';

/** Who wants to join, and who lost a password. */
export function ApprovalsSection() {
  const { t } = useTranslation('approvals');
  return (
    <SectionPage title={t('page_title')} lead={t('page_lead')}>
      <SignUpApprovals />
      <ResetApprovals />
    </SectionPage>
  );
}
