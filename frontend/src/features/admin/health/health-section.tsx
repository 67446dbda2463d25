import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleMinus, IconCircleX } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Health, HealthLine } from '@/bridge/types';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { useLoaded } from '@/features/admin/use-loaded';
import { fullTime } from '@/i18n/time';
import styles from './health.module.css';
import { useHealthWords } from './use-health-words';

/** By how much the clocks of server and device may differ, in milliseconds. */
const clockSlack = 120_000;

/** How the server is, line by line: well, or what is wrong and what to do. */
export function HealthSection() {
  const { t } = useTranslation('health');
  const bridge = useBridge();
  const [round, setRound] = useState(0);
  const ask = useCallback(async () => {
    const health = await bridge.health();
    return { health, here: Date.now() };
  }, [bridge]);
  const { state, reload } = useLoaded(ask, round);
  return (
    <SectionPage
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button variant="default" data-testid="health-again" onClick={() => setRound((held) => held + 1)}>
          {t('again')}
        </Button>
      }
    >
      <LoadedView state={state} onRetry={reload} title={t('failed')} rows={8}>
        {({ health, here }) => <HealthView health={withClock(health, here)} />}
      </LoadedView>
    </SectionPage>
  );
}

/** The clock's line by what this device's clock says too. */
function withClock(health: Health, here: number): Health {
  const off = health.at - here;
  if (Math.abs(off) <= clockSlack) return health;
  return {
    ...health,
    lines: health.lines.map((line) =>
      line.name === 'clock' && line.state === 'ok'
        ? { ...line, state: 'warn', cause: 'differs', figures: { off } }
        : line,
    ),
  };
}

function HealthView({ health }: { health: Health }) {
  const { t, i18n } = useTranslation('health');
  const wrong = health.lines.filter((line) => line.state === 'warn' || line.state === 'bad').length;
  return (
    <>
      <section className={styles.card} data-testid="health-summary">
        <h3 className={styles.name}>{wrong === 0 ? t('all_well') : t('to_do', { count: wrong })}</h3>
        <p className={styles.small}>
          {t('server', {
            name: health.company_name,
            version: health.version,
            since: fullTime(i18n.language, health.started_at),
          })}
        </p>
      </section>
      <section className={styles.card}>
        <ul className={styles.list}>
          {health.lines.map((line) => (
            <LineRow key={line.name} line={line} />
          ))}
        </ul>
      </section>
    </>
  );
}

const pictures = { ok: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX, off: IconCircleMinus };

function LineRow({ line }: { line: HealthLine }) {
  const { name, state, facts, cause, toDo } = useHealthWords(line);
  const { t } = useTranslation('health');
  const Picture = pictures[state];
  return (
    <li className={styles.row} data-testid="health-line" data-name={line.name} data-state={state}>
      <Picture className={styles.icon} role="img" aria-label={t(`state.${state}`)} />
      <span className={styles.words}>
        <strong>{name}</strong>
        {cause !== '' && <span>{cause}</span>}
        {toDo !== '' && <span className={styles.small}>{toDo}</span>}
      </span>
      <span className={styles.small}>{facts}</span>
    </li>
  );
}
