import { Button } from '@mantine/core';
import { IconDownload, IconListSearch, IconShieldCheck } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { AuditCheck, AuditEntry } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { useAdmin } from '@/features/admin/admin-context';
import { PagedView } from '@/features/admin/paged-view';
import { SectionPage } from '@/features/admin/section-page';
import { usePages } from '@/features/admin/use-pages';
import { AuditFilters, type AuditFilter } from './audit-filters';
import { AuditRow } from './audit-row';
import styles from './audit-section.module.css';
import { EntryDialog } from './entry-dialog';
import { VerifyNotice } from './verify-notice';

/** The record of administrative acts: looked through, checked from end to end, and saved. */
export function AuditSection() {
  const { t } = useTranslation('audit');
  const { subject } = useAdmin();
  const [filter, setFilter] = useState<AuditFilter>({ actor: '', subject: subject ?? '', action: '', from: 0, to: 0 });
  const [open, setOpen] = useState<AuditEntry>();
  const bridge = useBridge();
  const call = useCallback(
    async (before: number) => {
      const { entries, next } = await bridge.auditEntries({ ...filter, before });
      return { items: entries, next };
    },
    [bridge, filter],
  );
  const pages = usePages(call);
  return (
    <SectionPage title={t('title')} lead={t('lead')} filled>
      <div className={styles.section}>
        <AuditActions filter={filter} />
        <AuditFilters filter={filter} onChange={setFilter} />
        <PagedView
          pages={pages}
          failed={t('failed')}
          restFailed={t('rest_failed')}
          empty={{ icon: <IconListSearch />, title: t('empty_title'), text: t('empty_text'), testId: 'audit-empty' }}
          label={t('title')}
          testId="audit-list"
          keyOf={(entry) => entry.id}
          rowHeight={56}
        >
          {(entry) => <AuditRow entry={entry} onOpen={setOpen} />}
        </PagedView>
      </div>
      {open && <EntryDialog entry={open} onClose={() => setOpen(undefined)} />}
    </SectionPage>
  );
}

/** The check of the chain and the saving, with what came of them. */
function AuditActions({ filter }: { filter: AuditFilter }) {
  const { t } = useTranslation('audit');
  const bridge = useBridge();
  const toast = useToast();
  const verifying = useTask();
  const saving = useTask();
  const [check, setCheck] = useState<AuditCheck>();

  async function verify() {
    setCheck(undefined);
    await verifying.run(async () => setCheck(await bridge.verifyAudit()));
  }

  async function save() {
    let saved = false;
    await saving.run(async () => {
      saved = await bridge.saveAudit({ ...filter, before: 0 });
    });
    if (saved) toast(t('saved'));
  }

  return (
    <div className={styles.actions}>
      <div className={styles.buttons}>
        <Button
          leftSection={<IconShieldCheck size="1rem" aria-hidden="true" />}
          loading={verifying.busy}
          data-testid="audit-verify"
          onClick={() => void verify()}
        >
          {t('verify')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size="1rem" aria-hidden="true" />}
          loading={saving.busy}
          data-testid="audit-save"
          onClick={() => void save()}
        >
          {t('save')}
        </Button>
      </div>
      {check && <VerifyNotice check={check} />}
      {verifying.failure && <FailureNotice failure={verifying.failure} title={t('verify_failed')} />}
      {saving.failure && <FailureNotice failure={saving.failure} title={t('save_failed')} />}
    </div>
  );
}
