import { Button, Group, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { Backup, Failure, Profile } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { Notice } from '@/components/notice';
import { useTask } from '@/components/use-task';
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
  const task = useTask();
  const [reason, setReason] = useState('');
  const [days, setDays] = useState<string>('90');
  const [passphrase, setPassphrase] = useState('');
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const [now] = useState(() => Date.now());
  const wrong = {
    reason: reason.trim() === '',
    passphrase: passphrase !== '' && [...passphrase].length < shortestPhrase,
    name: name.trim() !== member.name,
  };

  async function begin() {
    setTried(true);
    if (wrong.reason || wrong.passphrase || wrong.name) return;
    await task.run(async () =>
      onBegun(
        await bridge.deletePerson(member.user_uuid, {
          reason: reason.trim(),
          expires_at: now + Number(days) * day,
          passphrase,
          recipient: '',
        }),
      ),
    );
  }

  return (
    <ConfirmDialog
      danger
      hasField
      busy={task.busy}
      title={t('delete.title', { name: member.name })}
      okLabel={t('delete.ok')}
      onOk={() => void begin()}
      onClose={onClose}
    >
      <Stack gap="md">
        <span>{t('delete.text')}</span>
        <TextInput
          label={t('reason')}
          description={t('reason_hint')}
          value={reason}
          withAsterisk
          maxLength={200}
          error={tried && wrong.reason ? t('reason_missing') : undefined}
          data-autofocus
          data-testid="delete-reason"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('delete.keep')}
          value={days}
          data={keepDays.map((value) => ({ value, label: t(`delete.days.${value}`) }))}
          data-testid="delete-keep"
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('delete.passphrase')}
          description={t('delete.passphrase_hint')}
          value={passphrase}
          autoComplete="new-password"
          error={tried && wrong.passphrase ? t('delete.passphrase_short') : undefined}
          visibilityToggleButtonProps={{ 'aria-label': t('delete.show') }}
          data-testid="delete-passphrase"
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        <TextInput
          label={t('delete.type_name', { name: member.name })}
          value={name}
          withAsterisk
          error={tried && wrong.name ? t('delete.name_differs') : undefined}
          data-testid="delete-name"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {task.failure && <FailureNotice failure={task.failure} />}
      </Stack>
    </ConfirmDialog>
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
      bridge.backups().then(
        (list) => setSeen({ backup: list.find((one) => one.backup_uuid === seen.backup.backup_uuid) ?? seen.backup }),
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
