import { Button } from '@mantine/core';
import { IconArchive } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Backup } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { ActDialog } from '@/features/admin/act-dialog';
import { useAdmin } from '@/features/admin/admin-context';
import { PagedView } from '@/features/admin/paged-view';
import { SectionPage } from '@/features/admin/section-page';
import { BackupDialog } from './backup-dialog';
import { BackupRow } from './backup-row';
import styles from './backups.module.css';
import { useBackups } from './use-backups';

/** The archives of those who were deleted: how far they are, what is in them, saved and cancelled. */
export function BackupsSection() {
  const { t } = useTranslation('backups');
  const { subject, role } = useAdmin();
  const pages = useBackups();
  const { state, reload } = pages;
  const [openId, setOpenId] = useState(subject);
  const [cancelling, setCancelling] = useState<Backup>();
  const bridge = useBridge();
  const toast = useToast();
  const saving = useTask();
  const open = state.kind === 'loaded' ? state.value.items.find((one) => one.backup_uuid === openId) : undefined;
  const me = useMirror((mirror) => mirror.state.me?.user_uuid);
  // The server gives archives to owners and auditors only, and not to who ordered the deletion.
  const maySave = (backup: Backup) => (role === 'owner' || role === 'auditor') && backup.requested_by !== me;
  const save = (backup: Backup) =>
    void saving.run(async () => {
      if (await bridge.saveBackup(backup.backup_uuid)) toast(t('saved', { name: backup.name }));
    });
  return (
    <SectionPage title={t('title')} lead={t('lead')} filled>
      <div className={styles.section}>
        {saving.busy && (
          <div className={styles.saving} data-testid="backup-saving">
            <output>{t('saving')}</output>
            <Button size="xs" variant="default" data-testid="backup-stop" onClick={() => void bridge.stopSaving()}>
              {t('stop')}
            </Button>
          </div>
        )}
        {saving.failure && <FailureNotice failure={saving.failure} title={t('save_failed')} testId="backup-problem" />}
        <PagedView
          pages={pages}
          failed={t('failed')}
          restFailed={t('rest_failed')}
          empty={{ icon: <IconArchive />, title: t('empty_title'), text: t('empty_text'), testId: 'backups-empty' }}
          label={t('title')}
          testId="backups-list"
          keyOf={(backup) => backup.backup_uuid}
          rowHeight={72}
        >
          {(backup) => (
            <BackupRow
              backup={backup}
              maySave={maySave(backup) && !saving.busy}
              mayCancel={role !== 'auditor'}
              onOpen={() => setOpenId(backup.backup_uuid)}
              onSave={() => save(backup)}
              onCancel={() => setCancelling(backup)}
            />
          )}
        </PagedView>
      </div>
      {open && <BackupDialog backup={open} maySave={maySave(open)} onClose={() => setOpenId(undefined)} />}
      {cancelling && <CancelDialog backup={cancelling} onDone={reload} onClose={() => setCancelling(undefined)} />}
    </SectionPage>
  );
}

interface CancelDialogProps {
  backup: Backup;
  onDone: () => void;
  onClose: () => void;
}

function CancelDialog({ backup, onDone, onClose }: CancelDialogProps) {
  const { t } = useTranslation('backups');
  const bridge = useBridge();
  return (
    <ActDialog
      name="backup"
      danger
      title={t('cancel_title', { name: backup.name })}
      text={t('cancel_text')}
      okLabel={t('cancel_ok')}
      call={() => bridge.cancelBackup(backup.backup_uuid)}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
