import { Button, Group } from '@mantine/core';
import { IconEyeOff, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { useTask } from '@/components/use-task';
import styles from './delete-dialog.module.css';

export interface DeleteDialogProps {
  messages: readonly Message[];
  onClose: () => void;
  onDone?: () => void;
}

/**
 * Asks for whom messages are deleted. The two choices differ in colour, icon, place and words, and each says what
 * becomes of the message for the others.
 */
export function DeleteDialog({ messages, onClose, onDone }: DeleteDialogProps) {
  const { t } = useTranslation('message');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const task = useTask();
  const [only] = messages;
  const forAll = messages.length === 1 && only?.mine === true;
  async function run(call: () => Promise<void>) {
    if (!(await task.run(call))) return;
    onClose();
    onDone?.();
  }
  return (
    <Dialog
      title={t(messages.length === 1 ? 'delete.title' : 'delete.title_many', { count: messages.length })}
      width={440}
      onClose={onClose}
    >
      <div className={styles.choices}>
        <button
          type="button"
          className={styles.choice}
          disabled={task.busy}
          data-testid="delete-for-me"
          onClick={() => void run(() => bridge.hideMessages(messages.map((message) => message.message_id)))}
        >
          <IconEyeOff className={styles.icon} aria-hidden="true" />
          <span className={styles.name}>{t('delete.for_me')}</span>
          <span className={styles.text}>{t('delete.for_me_text')}</span>
        </button>
        {forAll && (
          <button
            type="button"
            className={styles.choice}
            data-danger="true"
            disabled={task.busy}
            data-testid="delete-for-all"
            onClick={() => void run(() => bridge.deleteMessage(only.message_id))}
          >
            <IconTrash className={styles.icon} aria-hidden="true" />
            <span className={styles.name}>{t('delete.for_all')}</span>
            <span className={styles.text}>{t('delete.for_all_text')}</span>
          </button>
        )}
      </div>
      {task.failure && <FailureNotice failure={task.failure} />}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-autofocus data-testid="confirm-cancel" onClick={onClose}>
          {tc('cancel')}
        </Button>
      </Group>
    </Dialog>
  );
}
