import { Button, Group, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { Backup, Failure, Profile } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { fieldError } from '@/components/field-error';
import { Notice } from '@/components/notice';
import { useTask } from '@/components/use-task';
import { ActDialog } from '@/features/admin/act-dialog';
import styles from './members-section.module.css';

const day = 24 * 60 * 60 * 1000;
const keepDays = ['30', '90', '365', '1825'] as const;
/** How often it is asked how far it is, in milliseconds. */
const askEvery = 1000;
const shortestPhrase = 8;

export interface DeleteDialogProps {
  member: Profile;
  onClose: () => void;
}

/** Deletes a person after a backup: says what goes and what stays, asks why, and shows how far it is. */
export function DeleteDialog({ member, onClose }: DeleteDialogProps) {
  const [begun, setBegun] = useState<Backup>();
  if (begun) return <DeleteProgress begun={begun} name={member.name} onClose={onClose} />;
  return <DeleteOrderDialog member={member} onBegun={setBegun} onClose={onClose} />;
}

type DeleteOrderDialogProps = DeleteDialogProps & { onBegun: (backup: Backup) => void };

function DeleteOrderDialog({ member, onBegun, onClose }: DeleteOrderDialogProps) {
  const { t } = useTranslation('members');
  const bridge = useBridge();
  const [days, setDays] = useState<string>('90');
  const [passphrase, setPassphrase] = useState('');
  const [name, setName] = useState('');
  const [now] = useState(() => Date.now());
  const wrong = {
    passphrase: passphrase !== '' && [...passphrase].length < shortestPhrase,
    name: name.trim() !== member.name,
  };

  async function begin(reason: string) {
    const expires_at = now + Number(days) * day;
    onBegun(await bridge.deletePerson(member.user_uuid, { reason, expires_at, passphrase, recipient: '' }));
    return false;
  }

  return (
    <ActDialog
      name="delete"
      danger
      hasField
      title={t('delete.title', { name: member.name })}
      text={t('delete.text')}
      okLabel={t('delete.ok')}
      reason="needed"
      missing={wrong.passphrase || wrong.name}
      call={begin}
      onClose={onClose}
    >
      {(tried, failure) => (
        <>
          <TextInput
            label={t('delete.type_name', { name: member.name })}
            value={name}
            withAsterisk
            error={tried && wrong.name ? t('delete.name_differs') : undefined}
            data-autofocus
            data-testid="delete-name"
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('delete.keep')}
            value={days}
            data={keepDays.map((value) => ({ value, label: t(`delete.days.${value}`) }))}
            error={fieldError(failure, 'expires_at')}
            data-testid="delete-keep"
            onChange={(event) => setDays(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('delete.passphrase')}
            description={t('delete.passphrase_hint')}
            value={passphrase}
            autoComplete="new-password"
            error={(tried && wrong.passphrase && t('delete.passphrase_short')) || fieldError(failure, 'passphrase')}
            visibilityToggleButtonProps={{ 'aria-label': t('delete.show') }}
            data-testid="delete-passphrase"
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
        </>
      )}
    </ActDialog>
  );
}

interface DeleteProgressProps {
  begun: Backup;
  name: string;
  onClose: () => void;
}

const working = new Set(['running', 'verifying']);

/** How far the backup is. Closing the window leaves it at work. */
function DeleteProgress({ begun, name, onClose }: DeleteProgressProps) {
  const { t } = useTranslation('members');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const task = useTask();
  const [seen, setSeen] = useState<{ backup: Backup; failure?: Failure }>({ backup: begun });
  const { backup, failure } = seen;
  const atWork = working.has(backup.state);
  useEffect(() => {
    if (!atWork) return undefined;
    const timer = setTimeout(() => {
      // It began just now, so it is on the first page.
      bridge.backups(0).then(
        ({ backups }) =>
          setSeen({ backup: backups.find((one) => one.backup_uuid === seen.backup.backup_uuid) ?? seen.backup }),
        (error: unknown) => setSeen({ ...seen, failure: asFailure(error) }),
      );
    }, askEvery);
    return () => clearTimeout(timer);
  }, [bridge, atWork, seen]);
  const failed = backup.state === 'failed';
  return (
    <Dialog title={t('delete.progress_title', { name })} onClose={onClose}>
      <div className={styles.progress} data-testid="delete-progress" data-state={backup.state}>
        {atWork && (
          <output>
            {t(backup.state === 'verifying' ? 'delete.verifying' : 'delete.running', {
              done: backup.rooms_done,
              rooms: backup.rooms,
            })}
          </output>
        )}
        {backup.state === 'done' && <output>{t('delete.done', { name })}</output>}
        {backup.state === 'cancelled' && <output>{t('delete.cancelled', { name })}</output>}
        {failed && (
          <Notice kind="danger" title={t('delete.failed', { name })}>
            {t(backup.failure === 'disk_full' ? 'delete.disk_full' : 'delete.failed_text')}
          </Notice>
        )}
        {task.failure && <FailureNotice failure={task.failure} />}
        {failure && <FailureNotice failure={failure} />}
        <Group justify="flex-end" gap="sm">
          {atWork && (
            <Button
              variant="default"
              loading={task.busy}
              data-testid="delete-cancel"
              onClick={() => void task.run(() => bridge.cancelBackup(backup.backup_uuid))}
            >
              {t('delete.cancel')}
            </Button>
          )}
          <Button data-autofocus onClick={onClose}>
            {tc('close')}
          </Button>
        </Group>
      </div>
    </Dialog>
  );
}
