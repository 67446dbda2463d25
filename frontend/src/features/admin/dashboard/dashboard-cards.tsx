import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Statistics } from '@/bridge/types';
import { fileSize } from '@/components/file-names';
import { useAdmin } from '@/features/admin/admin-context';
import { listTime } from '@/i18n/time';
import styles from './dashboard-section.module.css';
import { againstLastWeek, dayStart, sumBetween } from './figures';

export interface DashboardCardsProps {
  stats: Statistics;
}

/** The four figures of now. */
export function DashboardCards({ stats }: DashboardCardsProps) {
  const { t, i18n } = useTranslation('dashboard');
  const number = new Intl.NumberFormat(i18n.language);
  const change = againstLastWeek(stats.messages, stats.at);
  return (
    <div className={styles.cards}>
      <Card label={t('online')} figure={number.format(stats.active + stats.away + stats.dnd)} testId="card-online">
        <Beside text={t('of_people', { people: stats.people })} />
        <Under text={t('online_more', { away: number.format(stats.away), dnd: number.format(stats.dnd) })} />
      </Card>
      <Card
        label={t('today')}
        figure={number.format(sumBetween(stats.messages, dayStart(stats.at), stats.at))}
        testId="card-messages"
      >
        <Under text={comparison(change, t)} />
      </Card>
      <Card label={t('storage')} figure={fileSize(stats.bytes)} testId="card-storage">
        <Beside text={stats.quota > 0 ? t('of_quota', { quota: fileSize(stats.quota) }) : t('no_quota')} />
        {stats.quota > 0 && (
          <meter
            className={styles.meter}
            aria-label={t('storage')}
            max={stats.quota}
            high={stats.quota * 0.9}
            value={stats.bytes}
          />
        )}
        <Under text={t('files', { files: stats.files })} />
      </Card>
      <WaitingCard stats={stats} />
    </div>
  );
}

function WaitingCard({ stats }: DashboardCardsProps) {
  const { t, i18n } = useTranslation('dashboard');
  const { t: tc } = useTranslation();
  const { role, onSection } = useAdmin();
  const since = [stats.oldest_user, stats.oldest_reset].filter((at) => at > 0);
  const oldest = Math.min(...since);
  return (
    <Card label={t('waiting')} figure={String(stats.waiting_users)} testId="card-waiting">
      <Beside text={t('waiting_more', { resets: stats.waiting_resets })} />
      <Under
        text={
          since.length === 0
            ? t('none_waiting')
            : t('oldest', { time: listTime(i18n.language, oldest, stats.at, tc('yesterday')) })
        }
      />
      {role !== 'auditor' && since.length > 0 && (
        <Button size="compact-xs" variant="default" onClick={() => onSection('approvals')}>
          {t('show')}
        </Button>
      )}
    </Card>
  );
}

function comparison(change: number | undefined, t: ReturnType<typeof useTranslation<'dashboard'>>['t']): string {
  if (change === undefined) return t('nothing_before');
  if (change === 0) return t('same');
  return t(change > 0 ? 'more' : 'less', { percent: Math.abs(change) });
}

function Card(props: { label: string; figure: string; testId: string; children: ReactNode }) {
  return (
    <section className={styles.card} aria-label={props.label} data-testid={props.testId}>
      <div className={styles.label}>{props.label}</div>
      <strong className={styles.figure}>{props.figure}</strong> {props.children}
    </section>
  );
}

function Beside({ text }: { text: string }) {
  return <span className={styles.small}>{text}</span>;
}

function Under({ text }: { text: string }) {
  return <div className={styles.small}>{text}</div>;
}
