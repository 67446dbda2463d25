import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Access } from '@/bridge/types';
import { ActDialog } from '@/features/admin/act-dialog';
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
  const asker = words.person(request.requested_by);
  const texts = {
    approve: t('approve_text', { asker, subject: words.subject(request), count: request.hours }),
    reject: t('reject_text', { asker }),
    end: t('end_text'),
  };
  return (
    <ActDialog
      name="access"
      danger={verb !== 'approve'}
      title={t(`${verb}_title`)}
      text={texts[verb]}
      okLabel={t(verb)}
      call={() => bridge.decideAccess(request.access_uuid, verb)}
      onDone={onDone}
      onClose={onClose}
    >
      <div>
        <Text size="sm">{words.period(request)}</Text>
        <Text size="sm">{t('reason_is', { reason: request.reason })}</Text>
      </div>
    </ActDialog>
  );
}
