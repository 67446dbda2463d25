import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Statistics } from '@/bridge/types';
import { fileSize } from '@/components/file-names';
import { clockTime } from '@/i18n/time';
import { Chart } from './chart';
import styles from './dashboard-section.module.css';
import { dayStart, hoursOfDay, lastDays, sumBetween, type Point } from './figures';

export interface DashboardChartsProps {
  stats: Statistics;
  days: number;
}

const slot = 300_000;
const day = 86_400_000;

/** Messages and people over the day and the last days, and what the files are. */
export function DashboardCharts({ stats, days }: DashboardChartsProps) {
  const { t, i18n } = useTranslation('dashboard');
  const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
  const shortDate = new Intl.DateTimeFormat(i18n.language, { month: 'numeric', day: 'numeric' });
  const today = dayStart(stats.at);
  const online = stats.online_slots
    .map(([at = 0, value = 0]) => ({ at: at * slot, value }))
    .filter(({ at }) => at >= today);
  const peak = online.reduce<Point | undefined>(
    (most, one) => (most && most.value >= one.value ? most : one),
    undefined,
  );
  const byDay = (pairs: readonly number[][], label: string, many: string) => (
    <Chart
      kind="bars"
      points={lastDays(pairs, stats.at, days)}
      label={label}
      when={t('day')}
      many={many}
      number={number}
      name={({ at }) => shortDate.format(at)}
      marked={(_, index) => (days - 1 - index) % Math.ceil(days / 6) === 0}
    />
  );
  return (
    <>
      <div className={styles.pair}>
        <ChartCard
          title={t('by_hour')}
          note={t('by_hour_note', { count: number(sumBetween(stats.messages, dayStart(stats.at, 1), stats.at - day)) })}
        >
          <Chart
            kind="bars"
            points={hoursOfDay(stats.messages, stats.at)}
            label={t('by_hour')}
            when={t('hour')}
            many={t('messages')}
            number={number}
            name={({ at }) => t('hour_name', { hour: new Date(at).getHours() })}
            marked={(_, index) => index % 4 === 0}
          />
        </ChartCard>
        <ChartCard
          title={t('people_line')}
          note={
            peak ? t('peak', { people: number(peak.value), time: clockTime(i18n.language, peak.at) }) : t('no_peak')
          }
        >
          <Chart
            kind="line"
            points={online}
            label={t('people_line')}
            when={t('hour')}
            many={t('people')}
            number={number}
            name={({ at }) => clockTime(i18n.language, at)}
            marked={(_, index) => index > 0 && index % Math.max(12, Math.ceil(online.length / 4)) === 0}
          />
        </ChartCard>
      </div>
      <div className={styles.pair}>
        <ChartCard title={t('by_day')}>{byDay(stats.messages, t('by_day'), t('messages'))}</ChartCard>
        <ChartCard title={t('sign_ups')}>{byDay(stats.sign_ups, t('sign_ups'), t('people'))}</ChartCard>
      </div>
      <ChartCard title={t('kinds')}>
        <Kinds stats={stats} number={number} />
      </ChartCard>
    </>
  );
}

function Kinds({ stats, number }: { stats: Statistics; number: (value: number) => string }) {
  const { t } = useTranslation('dashboard');
  if (stats.kinds_unknown) return <p className={styles.small}>{t('kinds_counting')}</p>;
  if (stats.kinds.length === 0) return <p className={styles.small}>{t('no_files')}</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('kind')}</th>
          <th scope="col">{t('count')}</th>
          <th scope="col">{t('size')}</th>
        </tr>
      </thead>
      <tbody>
        {stats.kinds.map((kind) => (
          <tr key={kind.extension}>
            <th scope="row">{kind.extension.toUpperCase()}</th>
            <td>{number(kind.files)}</td>
            <td>{fileSize(kind.bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ChartCard({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className={styles.card} aria-label={title}>
      <div className={styles.head}>
        <h3 className={styles.name}>{title}</h3>
        {note && <span className={styles.small}>{note}</span>}
      </div>
      {children}
    </section>
  );
}
