import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { useLoaded } from '@/features/admin/use-loaded';
import { FilePolicyForm } from './file-policy-form';

/** What files the server takes, and how much of them. */
export function FilePolicySection() {
  const { t } = useTranslation('filePolicy');
  const bridge = useBridge();
  const { state, reload } = useLoaded(useCallback(() => bridge.filePolicy(), [bridge]));
  return (
    <SectionPage title={t('title')} lead={t('lead')}>
      <LoadedView state={state} onRetry={reload} title={t('failed')} rows={8}>
        {(policy) => <FilePolicyForm key={policy.rev} policy={policy} onChanged={reload} />}
      </LoadedView>
    </SectionPage>
  );
}
