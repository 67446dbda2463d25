import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import { useNow } from '@/components/use-now';
import { useAdmin } from '@/features/admin/admin-context';
import { useActWords } from '@/features/admin/audit/use-act-words';
import { LoadedView } from '@/features/admin/loaded-view';
import { useLoaded } from '@/features/admin/use-loaded';
import { listTime } from '@/i18n/time';
import { DashboardList } from './dashboard-list';
import styles from './dashboard-section.module.css';
import { ServerCard } from './server-card';

/** How many of each list stand here; the section has all. */
const shown = 5;

const everything = { actor: '', subject: '', action: '', from: 0, to: 0, before: 0 };

/** What waits for a decision, and what was done last. */
export function DashboardLists() {
  const { role } = useAdmin();
  return (
    <>
      {role !== 'auditor' && (
        <div className={styles.pair}>
          <SignUps />
          <Resets />
        </div>
      )}
      <div className={styles.pair}>
        <LastActs />
        {role !== 'auditor' && <ServerCard />}
      </div>
    </>
  );
}

function SignUps() {
  const { t } = useTranslation('dashboard');
  const bridge = useBridge();
  const count = useMirror((mirror) => mirror.admin.pending_users);
  const { state, reload } = useLoaded(
    useCallback(() => bridge.pendingUsers(), [bridge]),
    count,
  );
  return (
    <DashboardList title={t('sign_ups_waiting')} section="approvals" testId="list-sign-ups">
      <LoadedView state={state} onRetry={reload} rows={3}>
        {(users) => (
          <Rows
            none={t('none_waiting')}
            rows={users.map(({ id, name, employee_id, department, created_at }) => ({
              key: id,
              what: name,
              more: [employee_id, department].filter(Boolean).join(' · '),
              at: created_at,
            }))}
          />
        )}
      </LoadedView>
    </DashboardList>
  );
}

function Resets() {
  const { t } = useTranslation('dashboard');
  const bridge = useBridge();
  const count = useMirror((mirror) => mirror.admin.pending_resets);
  const { state, reload } = useLoaded(
    useCallback(() => bridge.pendingResets(), [bridge]),
    count,
  );
  return (
    <DashboardList title={t('resets_waiting')} section="approvals" testId="list-resets">
      <LoadedView state={state} onRetry={reload} rows={3}>
        {(resets) => (
          <Rows
            none={t('none_waiting')}
            rows={resets.map(({ id, name, department, requested_at }) => ({
              key: id,
              what: name,
              more: department,
              at: requested_at,
            }))}
          />
        )}
      </LoadedView>
    </DashboardList>
  );
}

function LastActs() {
  const { t } = useTranslation('dashboard');
  const bridge = useBridge();
  const words = useActWords();
  const { state, reload } = useLoaded(useCallback(() => bridge.auditEntries(everything), [bridge]));
  return (
    <DashboardList title={t('last_acts')} section="audit" testId="list-acts">
      <LoadedView state={state} onRetry={reload} rows={shown}>
        {({ entries }) => (
          <Rows
            none={t('no_acts')}
            rows={entries.slice(0, shown).map((entry) => {
              const { who, act, subject } = words(entry);
              return { key: entry.id, what: act, more: [who, subject].filter(Boolean).join(' · '), at: entry.at };
            })}
          />
        )}
      </LoadedView>
    </DashboardList>
  );
}

interface Row {
  key: number;
  what: string;
  more: string;
  at: number;
}

function Rows({ rows, none }: { rows: readonly Row[]; none: string }) {
  const { t: tc, i18n } = useTranslation();
  const now = useNow(60_000);
  if (rows.length === 0) return <p className={styles.small}>{none}</p>;
  return (
    <ul className={styles.rows}>
      {rows.slice(0, shown).map(({ key, what, more, at }) => (
        <li key={key} className={styles.row}>
          <strong>{what}</strong>
          <span className={styles.more}>{more}</span>
          <time className={styles.small}>{listTime(i18n.language, at, now, tc('yesterday'))}</time>
        </li>
      ))}
    </ul>
  );
}
