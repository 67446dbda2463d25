import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Access } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { useTask } from '@/components/use-task';
import { useAccessWords } from './access-words';

/** What can be done to a request. */
export type Verb = 'approve' | 'reject' | 'end';

export interface DecideDialogProps {
  request: Access;
  verb: Verb;
  onDone: () => void;
  onClose: () => void;
}

/** Says what a decision means, and makes it. */
export function DecideDialog({ request, verb, onDone, onClose }: DecideDialogProps) {
  const { t } = useTranslation('access');
  const words = useAccessWords();
  const bridge = useBridge();
  const task = useTask();
  const asker = words.person(request.requested_by);
  const texts = {
    approve: t('approve_text', { asker, subject: words.subject(request), count: request.hours }),
    reject: t('reject_text', { asker }),
    end: t('end_text'),
  };

  async function decide() {
    if (!(await task.run(() => bridge.decideAccess(request.access_uuid, verb)))) return;
    onDone();
    onClose();
  }

  return (
    <ConfirmDialog
      danger={verb !== 'approve'}
      title={t(`${verb}_title`)}
      okLabel={t(verb)}
      busy={task.busy}
      onOk={() => void decide()}
      onClose={onClose}
    >
      <Text size="sm">{texts[verb]}</Text>
      <Text size="sm" mt="sm">
        {words.period(request)}
      </Text>
      <Text size="sm">{t('reason_is', { reason: request.reason })}</Text>
      {task.failure && <FailureNotice failure={task.failure} />}
    </ConfirmDialog>
  );
}
