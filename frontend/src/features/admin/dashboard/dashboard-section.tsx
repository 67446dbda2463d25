import { SegmentedControl } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { useLoaded } from '@/features/admin/use-loaded';
import { clockTime } from '@/i18n/time';
import { CountingNotice } from './counting-notice';
import { DashboardCards } from './dashboard-cards';
import { DashboardCharts } from './dashboard-charts';
import { DashboardLists } from './dashboard-lists';

const askEvery = 2000;

/** How the company's messenger is doing, in figures. */
export function DashboardSection() {
  const { t, i18n } = useTranslation('dashboard');
  const bridge = useBridge();
  const [days, setDays] = useState(7);
  const { state, reload } = useLoaded(useCallback(() => bridge.statistics(days), [bridge, days]));
  const counting = state.kind === 'loaded' && (state.value.written > 0 || state.value.kinds_unknown);
  useEffect(() => {
    if (!counting) return;
    const timer = setInterval(reload, askEvery);
    return () => clearInterval(timer);
  }, [counting, reload]);
  const at = state.kind === 'loaded' ? clockTime(i18n.language, state.value.at) : '…';
  return (
    <SectionPage
      title={t('title')}
      lead={t('lead', { time: at })}
      actions={
        <SegmentedControl
          aria-label={t('days')}
          data-testid="dashboard-days"
          value={String(days)}
          data={['7', '30'].map((value) => ({ value, label: t(value === '7' ? 'days_7' : 'days_30') }))}
          onChange={(value) => setDays(Number(value))}
        />
      }
    >
      <LoadedView state={state} onRetry={reload} title={t('failed')} rows={8}>
        {(stats) => (
          <>
            <CountingNotice stats={stats} />
            <DashboardCards stats={stats} />
            <DashboardCharts stats={stats} days={days} />
            <DashboardLists />
          </>
        )}
      </LoadedView>
    </SectionPage>
  );
}
