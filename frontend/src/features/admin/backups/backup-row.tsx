import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Backup } from '@/bridge/types';
import { fileSize } from '@/components/file-names';
import { personName } from '@/components/names';
import { ProgressBar } from '@/components/progress-bar';
import { shortDay } from '@/i18n/time';
import styles from './backups.module.css';
import { atWork } from './use-backups';

export interface BackupRowProps {
  backup: Backup;
  maySave: boolean;
  mayCancel: boolean;
  onOpen: () => void;
  onSave: () => void;
  onCancel: () => void;
}

/** A deletion: whose, by whom and why, where it stands, and how long its archive is kept. */
export function BackupRow({ backup, maySave, mayCancel, onOpen, onSave, onCancel }: BackupRowProps) {
  const { t, i18n } = useTranslation('backups');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const day = (at: number) => shortDay(i18n.language, at);
  const by = personName(people, backup.requested_by, tc);
  const busy = atWork(backup);
  // Of an archive whose time is over the name is erased with it.
  const name = backup.name === '' ? t('nameless') : backup.name;
  return (
    <div className={styles.row} data-testid="backup-row" data-state={backup.state}>
      <button type="button" className={styles.person} onClick={onOpen}>
        <strong className={styles.line}>{name}</strong>
        <span className={styles.second}>
          {[t('by', { name: by, day: day(backup.requested_at) }), backup.reason].filter(Boolean).join(' · ')}
        </span>
      </button>
      <span className={styles.words}>
        <strong className={styles.state}>{t(`state.${backup.state as 'done'}`)}</strong>
        {busy && (
          <ProgressBar
            label={t('progress', { done: backup.rooms_done, rooms: backup.rooms })}
            done={backup.rooms_done}
            of={backup.rooms}
          />
        )}
        {backup.state === 'done' && (
          <span className={styles.second}>
            {fileSize(backup.size)} · {t('until', { day: day(backup.expires_at) })}
          </span>
        )}
        {backup.state === 'failed' && <span className={styles.second}>{t(failureKey(backup.failure))}</span>}
      </span>
      <span className={styles.act}>
        {busy && mayCancel && (
          <Button size="xs" variant="default" data-testid="backup-cancel" onClick={onCancel}>
            {t('cancel')}
          </Button>
        )}
        {backup.state === 'done' && maySave && (
          <Button size="xs" variant="default" data-testid="backup-save" onClick={onSave}>
            {t('save')}
          </Button>
        )}
      </span>
    </div>
  );
}

const failures = ['disk_full', 'file_missing', 'differs', 'stopped'] as const;

/** The key of what is said of a failure; one of a newer server has no words of its own. */
export function failureKey(failure: string): `failure.${(typeof failures)[number] | 'failed'}` {
  return `failure.${failures.find((one) => one === failure) ?? 'failed'}`;
}
