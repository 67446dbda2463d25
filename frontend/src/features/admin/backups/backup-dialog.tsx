import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Backup } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { fileSize } from '@/components/file-names';
import { personName } from '@/components/names';
import { Notice } from '@/components/notice';
import { fullTime } from '@/i18n/time';
import { failureKey } from './backup-row';
import styles from './backups.module.css';
import { atWork } from './use-backups';

export interface BackupDialogProps {
  backup: Backup;
  /** The reader may have the archive. */
  maySave: boolean;
  onClose: () => void;
}

/** All that is known of an archive: what is in it, how it is opened, and by what one knows that it is whole. */
export function BackupDialog({ backup, maySave, onClose }: BackupDialogProps) {
  const { t, i18n } = useTranslation('backups');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const time = (at: number) => fullTime(i18n.language, at);
  const facts: [string, string][] = [
    [t('fact.state'), t(`state.${backup.state as 'done'}`)],
    [t('fact.by'), personName(people, backup.requested_by, tc)],
    [t('fact.reason'), backup.reason],
    [t('fact.requested'), time(backup.requested_at)],
    [t('fact.finished'), backup.finished_at === 0 ? '' : time(backup.finished_at)],
    [t('fact.expires'), backup.state === 'done' ? time(backup.expires_at) : ''],
    [t('fact.holds'), t('holds', { rooms: backup.rooms, messages: backup.messages, files: backup.files })],
    [t('fact.size'), backup.size === 0 ? '' : fileSize(backup.size)],
    [t('fact.sha256'), backup.sha256],
  ];
  const there = backup.state === 'done';
  return (
    <Dialog title={backup.name || t('nameless')} width={560} onClose={onClose}>
      <div className={styles.dialog} data-testid="backup-facts">
        {backup.state === 'failed' && (
          <Notice kind="danger" title={t('not_deleted')}>
            {t(failureKey(backup.failure))}
          </Notice>
        )}
        {backup.state === 'cancelled' && <Notice kind="warn">{t('not_deleted')}</Notice>}
        <dl className={styles.facts}>
          {facts
            .filter(([, value]) => value !== '')
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
        {(there || atWork(backup)) && (
          <section className={styles.open}>
            <h3>{t('open.title')}</h3>
            <p>{t('open.inside')}</p>
            <p>{t(backup.protected ? 'open.both' : 'open.key')}</p>
            <code
              className={styles.code}
            >{`himsg-server backup-open --data=DIR --out=DIR${backup.protected ? ' --passphrase-stdin' : ''} ${backup.backup_uuid}.age`}</code>
            <p>{t('open.expires')}</p>
            {there && !maySave && <p>{t('open.who')}</p>}
          </section>
        )}
      </div>
    </Dialog>
  );
}
