import { Button } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useTask, type Task } from '@/components/use-task';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { ImportRows } from './import-rows';
import { ImportState } from './import-state';
import styles from './imports.module.css';
import { atWork, useImport } from './use-import';

/** Files of people: read, compared, applied, and everybody saved as one. */
export function ImportsSection() {
  const { t } = useTranslation('imports');
  const bridge = useBridge();
  const { state, stale, reload } = useImport();
  const choosing = useTask();
  const saving = useTask();
  const toast = useToast();
  const busy = state.kind === 'loaded' && atWork(state.value.state);
  const choose = () => void choosing.run(() => bridge.chooseImport()).then(reload);
  const save = (format: string) =>
    void saving.run(async () => {
      if (await bridge.exportPeople(format)) toast(t('export.done'));
    });
  const chooseButton = (
    <Button loading={choosing.busy} disabled={busy} data-testid="import-choose" onClick={choose}>
      {t('choose')}
    </Button>
  );
  return (
    <SectionPage title={t('title')} lead={t('lead')} actions={<Exports saving={saving} onSave={save} />} filled>
      <div className={styles.section}>
        {saving.failure && <FailureNotice failure={saving.failure} title={t('export.failed')} />}
        {choosing.failure && (
          <FailureNotice failure={choosing.failure} title={t('choose_failed')} testId="import-choose-problem" />
        )}
        <LoadedView state={state} onRetry={reload} title={t('status_failed')}>
          {(at) =>
            at.state === '' ? (
              <EmptyState
                icon={<IconFileSpreadsheet />}
                title={t('empty_title')}
                text={t('empty_text')}
                action={chooseButton}
                testId="imports-empty"
              />
            ) : (
              <div className={styles.import}>
                <ImportState at={at} stale={stale} onChanged={reload} />
                {at.total > 0 && <ImportRows key={at.created_at} at={at} />}
                <div className={styles.next}>
                  <span className={styles.second}>{t('next')}</span>
                  {chooseButton}
                </div>
              </div>
            )
          }
        </LoadedView>
      </div>
    </SectionPage>
  );
}

interface ExportsProps {
  saving: Task;
  onSave: (format: string) => void;
}

function Exports({ saving, onSave }: ExportsProps) {
  const { t } = useTranslation('imports');
  const bridge = useBridge();
  const stopping = useTask();
  if (saving.busy) {
    return (
      <Button variant="default" data-testid="export-stop" onClick={() => void stopping.run(() => bridge.stopSaving())}>
        {t('export.stop')}
      </Button>
    );
  }
  return ['xlsx', 'csv'].map((format) => (
    <Button key={format} variant="default" data-testid={`export-${format}`} onClick={() => onSave(format)}>
      {t(`export.${format as 'csv'}`)}
    </Button>
  ));
}
