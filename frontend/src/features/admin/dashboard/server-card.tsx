import { useTranslation } from 'react-i18next';
import type { HealthLine } from '@/bridge/types';
import { StateIcon } from '@/features/admin/health/state-icon';
import { useHealth } from '@/features/admin/health/use-health';
import { useHealthWords } from '@/features/admin/health/use-health-words';
import { LoadedView } from '@/features/admin/loaded-view';
import { DashboardList } from './dashboard-list';
import styles from './dashboard-section.module.css';

/** What is always shown, in this order; what is not well stands before it. */
const usual = ['database', 'disk', 'files', 'backup', 'certificate'];
const shown = 5;

/** How the server is, in short; the section has every line, and what to do. */
export function ServerCard() {
  const { t } = useTranslation('dashboard');
  const { state, reload } = useHealth(0);
  return (
    <DashboardList title={t('server')} section="health" testId="list-server">
      <LoadedView state={state} onRetry={reload} rows={shown}>
        {({ lines, version }) => (
          <>
            <ul className={styles.rows}>
              {chosen(lines).map((line) => (
                <ServerRow key={line.name} line={line} />
              ))}
            </ul>
            <p className={styles.small}>{t('version', { version })}</p>
          </>
        )}
      </LoadedView>
    </DashboardList>
  );
}

function chosen(lines: readonly HealthLine[]): HealthLine[] {
  const ranks = new Map(usual.map((name, i) => [name, i]));
  const rank = ({ name, state }: HealthLine) =>
    state === 'bad' ? -2 : state === 'warn' ? -1 : (ranks.get(name) ?? usual.length);
  return lines.toSorted((a, b) => rank(a) - rank(b)).slice(0, shown);
}

function ServerRow({ line }: { line: HealthLine }) {
  const { name, state, facts, cause } = useHealthWords(line);
  return (
    <li className={styles.serverRow} data-testid="server-row" data-name={line.name} data-state={state}>
      <StateIcon state={state} />
      <strong>{name}</strong>
      <span className={styles.fact}>{cause || facts}</span>
    </li>
  );
}
