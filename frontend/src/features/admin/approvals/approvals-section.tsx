import { IconUserCheck } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { PendingUser } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { useLoaded } from '@/features/admin/use-loaded';
import { PendingTable } from './pending-table';
import { RejectDialog } from './reject-dialog';

/** Who wants to join. */
export function ApprovalsSection() {
  const { t } = useTranslation('approvals');
  const bridge = useBridge();
  const toast = useToast();
  const count = useMirror((mirror) => mirror.admin.pending_users);
  // Another number means another list.
  const { state, reload } = useLoaded(
    useCallback(() => bridge.pendingUsers(), [bridge]),
    count,
  );
  const task = useTask();
  const [rejecting, setRejecting] = useState<PendingUser>();

  async function decide(call: () => Promise<void>, done: string) {
    if (await task.run(call)) {
      toast(done);
      setRejecting(undefined);
    }
    reload();
  }

  return (
    <SectionPage title={t('title')} lead={t('lead')}>
      {task.failure && !rejecting && <FailureNotice failure={task.failure} />}
      <LoadedView state={state} onRetry={reload} title={t('failed')}>
        {(users) =>
          users.length === 0 ? (
            <EmptyState
              icon={<IconUserCheck />}
              title={t('empty_title')}
              text={t('empty_text')}
              testId="pending-empty"
            />
          ) : (
            <PendingTable
              users={users}
              busy={task.busy}
              onApprove={(user) => void decide(() => bridge.approve(user.id), t('approved', { name: user.name }))}
              onReject={setRejecting}
            />
          )
        }
      </LoadedView>
      {rejecting && (
        <RejectDialog
          user={rejecting}
          busy={task.busy}
          failure={task.failure}
          onReject={(reason) =>
            void decide(() => bridge.reject(rejecting.id, reason), t('rejected', { name: rejecting.name }))
          }
          onClose={() => {
            task.reset();
            setRejecting(undefined);
          }}
        />
      )}
    </SectionPage>
  );
}
