import { useTranslation } from 'react-i18next';
import type { Failure } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { Notice } from '@/components/notice';

/** Why a decision was refused. When another administrator was first, the server's own words say who. */
export function DecisionProblem({ failure }: { failure: Failure }) {
  const { t } = useTranslation('approvals');
  if (failure.reason !== 'decided' || failure.message === '') return <FailureNotice failure={failure} />;
  return (
    <Notice kind="warn" title={t('decided')} testId="decided-by">
      {failure.message}
    </Notice>
  );
}
