import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Retention, RetentionRun } from '@/bridge/types';
import { fileSize } from '@/components/file-names';
import { ProgressBar } from '@/components/progress-bar';
import { ActDialog } from '@/features/admin/act-dialog';
import { fullTime } from '@/i18n/time';
import { isOpen, percentOf } from './retention-model';
import styles from './retention.module.css';

export interface RunsCardProps {
  retention: Retention;
  mayChange: boolean;
  onChanged: () => void;
}

/** The run under way, and the last ones. */
export function RunsCard({ retention, mayChange, onChanged }: RunsCardProps) {
  const { t } = useTranslation('retention');
  const [stopping, setStopping] = useState<RetentionRun>();
  return (
    <section className={styles.card} data-testid="retention-runs">
      <h3 className={styles.name}>{t('runs')}</h3>
      {retention.runs.length === 0 && <p className={styles.small}>{t('no_runs')}</p>}
      <ul className={styles.list}>
        {retention.runs.map((run) => (
          <RunRow key={run.run_uuid} run={run} onStop={mayChange ? setStopping : undefined} />
        ))}
      </ul>
      {stopping && <StopDialog run={stopping} onDone={onChanged} onClose={() => setStopping(undefined)} />}
    </section>
  );
}

interface RunRowProps {
  run: RetentionRun;
  onStop: ((run: RetentionRun) => void) | undefined;
}

const states = ['running', 'waiting', 'done', 'cancelled'] as const;

function RunRow({ run, onStop }: RunRowProps) {
  const { t, i18n } = useTranslation('retention');
  const by = useMirror((mirror) => mirror.people.get(run.requested_by)?.name);
  const state = states.find((one) => one === run.state) ?? 'running';
  const open = isOpen(run);
  const figures = { messages: run.messages, files: run.files, bytes: fileSize(run.bytes) };
  return (
    <li className={styles.row} data-testid="retention-run-row" data-state={run.state}>
      <span className={styles.words}>
        <strong>{t(run.phase === 'counting' && state === 'running' ? 'state.counting' : `state.${state}`)}</strong>
        <span className={styles.small}>
          {fullTime(i18n.language, run.started_at)} · {run.requested_by === '' ? t('by_itself') : (by ?? t('somebody'))}
        </span>
        {open && (
          <span className={styles.progress}>
            <ProgressBar label={t('progress')} done={percentOf(run)} of={100} />
          </span>
        )}
      </span>
      <span className={styles.small}>{t('run_figures', figures)}</span>
      {open && onStop && (
        <Button size="xs" variant="default" data-testid="retention-stop" onClick={() => onStop(run)}>
          {t('stop')}
        </Button>
      )}
    </li>
  );
}

interface StopDialogProps {
  run: RetentionRun;
  onDone: () => void;
  onClose: () => void;
}

function StopDialog({ run, onDone, onClose }: StopDialogProps) {
  const { t } = useTranslation('retention');
  const bridge = useBridge();
  return (
    <ActDialog
      name="retention"
      danger
      title={t('stop_title')}
      text={t('stop_text')}
      okLabel={t('stop')}
      call={() => bridge.cancelRetention(run.run_uuid)}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
