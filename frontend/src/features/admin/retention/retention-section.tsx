import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { useAdmin } from '@/features/admin/admin-context';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { useLoaded } from '@/features/admin/use-loaded';
import { HoldsCard } from './holds-card';
import { isOpen } from './retention-model';
import { RulesCard } from './rules-card';
import { RunsCard } from './runs-card';

/** How often it is asked how far a run is, in milliseconds. */
const askEvery = 2_000;

/** How long what people wrote is kept, what is held back from that, and how the deleting goes. */
export function RetentionSection() {
  const { t } = useTranslation('retention');
  const bridge = useBridge();
  const { role } = useAdmin();
  const mayChange = role !== 'auditor';
  const [round, setRound] = useState(0);
  const { state, reload } = useLoaded(
    useCallback(() => bridge.retention(), [bridge]),
    round,
  );
  const open = state.kind === 'loaded' && state.value.runs.some((run) => isOpen(run));
  useEffect(() => {
    if (!open) return undefined;
    const timer = setInterval(() => setRound((held) => held + 1), askEvery);
    return () => clearInterval(timer);
  }, [open]);
  return (
    <SectionPage title={t('title')} lead={t('lead')}>
      <LoadedView state={state} onRetry={reload} title={t('failed')} rows={8}>
        {(retention) => (
          <>
            <RulesCard key={retention.rev} retention={retention} mayChange={mayChange} onChanged={reload} />
            <RunsCard retention={retention} mayChange={mayChange} onChanged={reload} />
          </>
        )}
      </LoadedView>
      <HoldsCard mayEnd={role !== 'admin'} />
    </SectionPage>
  );
}
