import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Failure, PeopleImport } from '@/bridge/types';
import { FailureNotice, useFailureText } from '@/components/failure-notice';
import { Notice } from '@/components/notice';
import { ProgressBar } from '@/components/progress-bar';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { ActDialog } from '@/features/admin/act-dialog';
import { fates, fieldName } from './import-words';
import styles from './imports.module.css';
import { atWork } from './use-import';

export interface ImportStateProps {
  at: PeopleImport;
  stale: Failure | undefined;
  onChanged: () => void;
}

/** Where the import stands, what it found, and what can be done about it. */
export function ImportState({ at, stale, onChanged }: ImportStateProps) {
  const { t } = useTranslation('imports');
  const text = useFailureText();
  const applied = (at.counts['created'] ?? 0) + (at.counts['changed'] ?? 0);
  const failure = { code: 'internal', reason: at.failure, message: '', request_id: '', retry_ms: 0 };
  return (
    <section className={styles.card} data-testid="import-state" data-state={at.state}>
      <h3 className={styles.head}>{t(`state.${at.state as 'ready'}`)}</h3>
      {at.state === 'failed' ? (
        <Notice kind="danger" title={t('failed_title')} testId="import-failed">
          {text(failure)}
        </Notice>
      ) : (
        <p className={styles.lead}>{t(`state_text.${at.state as 'ready'}`, { applied })}</p>
      )}
      {atWork(at.state) && <WorkBar at={at} />}
      <dl className={styles.counts}>
        {fates
          .filter((fate) => at.counts[fate])
          .map((fate) => (
            <div key={fate} className={styles.count} data-fate={fate}>
              <dt>{t(`fate.${fate}`)}</dt>
              <dd data-testid={`import-count-${fate}`}>{at.counts[fate]?.toLocaleString()}</dd>
            </div>
          ))}
      </dl>
      <Found at={at} />
      {stale && <FailureNotice failure={stale} title={t('stale')} />}
      <Acts at={at} onChanged={onChanged} />
    </section>
  );
}

function WorkBar({ at }: { at: PeopleImport }) {
  const { t } = useTranslation('imports');
  const goal = at.state === 'applying' ? at.total - (at.counts['error'] ?? 0) - (at.counts['unchanged'] ?? 0) : 0;
  return (
    <div className={styles.progress}>
      {goal > 0 && <ProgressBar label={t('progress')} done={at.done} of={goal} />}
      <output className={styles.second}>
        {goal > 0 ? t('done_of', { done: at.done, goal }) : t('read', { count: at.done })}
      </output>
    </div>
  );
}

/** What the file has that one should know of. */
function Found({ at }: { at: PeopleImport }) {
  const { t } = useTranslation('imports');
  if (at.state === 'failed') return null;
  const lists: [string, readonly string[]][] = [
    [t('columns'), at.columns.map((field) => t(fieldName(field)))],
    [t('ignored'), at.ignored_columns],
    [t('new_departments'), at.new_departments],
  ];
  return (
    <dl className={styles.found}>
      {lists
        .filter(([, values]) => values.length > 0)
        .map(([name, values]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{values.join(', ')}</dd>
          </div>
        ))}
    </dl>
  );
}

type ActsProps = Omit<ImportStateProps, 'stale'>;

function Acts({ at, onChanged }: ActsProps) {
  const { t } = useTranslation('imports');
  const bridge = useBridge();
  const task = useTask();
  const toast = useToast();
  const [asks, setAsks] = useState<'apply' | 'forget' | 'codes'>();
  const { create = 0, change = 0, created = 0 } = at.counts;
  const open = at.state === 'ready' || at.state === 'cancelled';
  const saveCodes = async () => {
    if (await bridge.saveImportCodes()) toast(t('codes.done'));
  };
  const acts = { apply: () => bridge.applyImport(), forget: () => bridge.endImport(), codes: saveCodes };
  return (
    <div className={styles.acts}>
      {open && create + change > 0 && (
        <Button data-testid="import-apply" onClick={() => setAsks('apply')}>
          {t(at.state === 'ready' ? 'apply.act' : 'apply.rest', { count: create + change })}
        </Button>
      )}
      {created > 0 && !atWork(at.state) && (
        <Button variant="default" data-testid="import-codes" onClick={() => setAsks('codes')}>
          {t('codes.act', { count: created })}
        </Button>
      )}
      {atWork(at.state) ? (
        <Button
          variant="default"
          loading={task.busy}
          data-testid="import-cancel"
          onClick={() => void task.run(() => bridge.endImport()).then(onChanged)}
        >
          {t('cancel')}
        </Button>
      ) : (
        <Button variant="default" data-testid="import-forget" onClick={() => setAsks('forget')}>
          {t('forget.act')}
        </Button>
      )}
      {task.failure && <FailureNotice failure={task.failure} testId="import-problem" />}
      {asks && (
        <ActDialog
          name="import"
          danger={asks === 'forget'}
          title={t(`${asks}.title`, { count: create + change })}
          text={t(`${asks}.text`, { create, change })}
          okLabel={t(`${asks}.ok`)}
          call={() => acts[asks]().finally(onChanged)}
          onClose={() => setAsks(undefined)}
        />
      )}
    </div>
  );
}
