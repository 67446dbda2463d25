import { Stack, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { fieldError } from '@/components/field-error';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';

export interface ActDialogProps {
  /** Names it for tests: <name>-reason, <name>-problem. */
  name: string;
  title: string;
  /** What it will do. */
  text?: ReactNode;
  okLabel: string;
  danger?: boolean;
  /** A field among the children takes the focus itself. */
  hasField?: boolean;
  /** Asks why, for the audit; without it nobody is asked. */
  reason?: 'needed' | 'optional';
  /** Who reads the reason, when it is not only the audit. */
  reasonHint?: string;
  /** Something else is missing: its field says what, once one tried. */
  missing?: boolean;
  /** Does it. When it resolves to false the caller shows what came of it, and closes by itself. */
  call: (reason: string) => Promise<unknown>;
  /** What is said when it is done; `call` may say it itself. */
  done?: string;
  onDone?: () => void;
  onClose: () => void;
  /** More that it needs to know; `tried`: what is missing is to be shown; `failure`: what the server said. */
  children?: ReactNode | ((tried: boolean, failure: Failure | undefined) => ReactNode);
}

/** Says what an act will do, asks for what it needs, does it, and says that it is done or why not. */
export function ActDialog(props: ActDialogProps) {
  const { name, title, text, okLabel, danger = false, hasField = false, reason: asks, reasonHint, children } = props;
  const { missing = false, call, done, onDone, onClose } = props;
  const { t } = useTranslation('admin');
  const toast = useToast();
  const task = useTask();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const noReason = asks === 'needed' && reason.trim() === '';

  async function run() {
    setTried(true);
    if (missing || noReason) return;
    let closes = true;
    const went = await task.run(async () => {
      closes = (await call(reason.trim())) !== false;
    });
    if (!went || !closes) return;
    if (done !== undefined) toast(done);
    onDone?.();
    onClose();
  }

  return (
    <ConfirmDialog
      danger={danger}
      hasField={hasField || asks !== undefined}
      busy={task.busy}
      title={title}
      okLabel={okLabel}
      onOk={() => void run()}
      onClose={onClose}
    >
      <Stack gap="md">
        {text !== undefined && <span>{text}</span>}
        {typeof children === 'function' ? children(tried, task.failure) : children}
        {asks && (
          <TextInput
            label={t('reason')}
            description={reasonHint ?? t('reason_hint')}
            value={reason}
            maxLength={200}
            withAsterisk={asks === 'needed'}
            error={tried && noReason ? t('reason_missing') : fieldError(task.failure, 'reason')}
            data-autofocus={!hasField || undefined}
            data-testid={`${name}-reason`}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {task.failure && <FailureNotice failure={task.failure} testId={`${name}-problem`} />}
      </Stack>
    </ConfirmDialog>
  );
}
