import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Health, HealthLine } from '@/bridge/types';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { fullTime } from '@/i18n/time';
import styles from './health.module.css';
import { StateIcon } from './state-icon';
import { useHealth } from './use-health';
import { useHealthWords } from './use-health-words';

/** How the server is, line by line: well, or what is wrong and what to do. */
export function HealthSection() {
  const { t } = useTranslation('health');
  const [round, setRound] = useState(0);
  const { state, reload } = useHealth(round);
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
        {(health) => <HealthView health={health} />}
      </LoadedView>
    </SectionPage>
  );
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

function LineRow({ line }: { line: HealthLine }) {
  const { name, state, facts, cause, toDo } = useHealthWords(line);
  return (
    <li className={styles.row} data-testid="health-line" data-name={line.name} data-state={state}>
      <StateIcon state={state} />
      <span className={styles.words}>
        <strong>{name}</strong>
        {cause !== '' && <span>{cause}</span>}
        {toDo !== '' && <span className={styles.small}>{toDo}</span>}
      </span>
      <span className={styles.small}>{facts}</span>
    </li>
  );
}
