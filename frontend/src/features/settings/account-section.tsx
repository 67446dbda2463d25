import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { useTask } from '@/components/use-task';
import { PasswordDialog } from './password-dialog';
import { Row, Section } from './section';

/** Password, and signing out. */
export function AccountSection() {
  const { t } = useTranslation('settings');
  const [open, setOpen] = useState<'password' | 'sign_out'>();
  return (
    <Section title={t('account')}>
      <Row label={t('password')} hint={t('password_hint')}>
        <Button variant="default" data-testid="settings-password" onClick={() => setOpen('password')}>
          {t('change')}
        </Button>
      </Row>
      <Row label={t('sign_out')} hint={t('sign_out_hint')}>
        <Button variant="default" data-testid="settings-signout" onClick={() => setOpen('sign_out')}>
          {t('sign_out')}
        </Button>
      </Row>
      {open === 'password' && <PasswordDialog onClose={() => setOpen(undefined)} />}
      {open === 'sign_out' && <SignOutDialog onClose={() => setOpen(undefined)} />}
    </Section>
  );
}

/** Signing out wipes what this PC holds; messages that were not sent yet would be gone. */
function SignOutDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const bridge = useBridge();
  const task = useTask();
  const unsent = useMirror((mirror) => [...mirror.rooms.values()].reduce((sum, room) => sum + room.unsent_count, 0));
  return (
    <ConfirmDialog
      danger={unsent > 0}
      busy={task.busy}
      title={t('sign_out_title')}
      okLabel={t('sign_out')}
      onOk={() => void task.run(() => bridge.signOut())}
      onClose={onClose}
    >
      {unsent > 0 ? t('sign_out_unsent', { count: unsent }) : t('sign_out_text')}
      {task.failure && <FailureNotice failure={task.failure} />}
    </ConfirmDialog>
  );
}
