import { Button, Group, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { fieldError } from '@/components/field-error';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import styles from './password-dialog.module.css';

const fields = ['current', 'next', 'again'] as const;
const shortest = 8; // wire.MinPasswordRunes

/** Asks for the old password and twice for the new one. All other devices are signed out. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [values, setValues] = useState({ current: '', next: '', again: '' });
  const [tried, setTried] = useState(false);
  const wrong = {
    current: undefined,
    next: [...values.next].length < shortest ? t('password_short') : undefined,
    again: values.again !== values.next ? t('password_differs') : undefined,
  };

  async function submit() {
    setTried(true);
    if (wrong.next ?? wrong.again) return;
    if (await task.run(() => bridge.changePassword(values.current, values.next))) {
      toast(t('password_changed'));
      onClose();
    }
  }

  return (
    <Dialog title={t('password_title')} onClose={onClose}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {fields.map((field) => (
          <PasswordInput
            key={field}
            label={t(`password_${field}`)}
            value={values[field]}
            maxLength={128}
            autoComplete={field === 'current' ? 'current-password' : 'new-password'}
            error={
              (tried && wrong[field]) || (field === 'next' && fieldError(task.failure, 'new_password')) || undefined
            }
            data-autofocus={field === 'current' || undefined}
            data-testid={`password-${field}`}
            visibilityToggleButtonProps={{ 'aria-label': t('password_show') }}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setValues((held) => ({ ...held, [field]: value }));
            }}
          />
        ))}
        {task.failure && <FailureNotice failure={task.failure} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {tc('cancel')}
          </Button>
          <Button type="submit" loading={task.busy} disabled={values.current === ''} data-testid="password-submit">
            {t('change')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
