import { IconUserCheck } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { PendingUser } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { LoadedView } from '@/features/admin/loaded-view';
import { useLoaded } from '@/features/admin/use-loaded';
import styles from './approvals.module.css';
import { DecisionProblem } from './decision-problem';
import { PendingTable } from './pending-table';
import { RejectDialog } from './reject-dialog';

/** Who wants to join. */
export function SignUpApprovals() {
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
    if (await task.run(call)) toast(done);
    reload();
  }

  return (
    <section className={styles.section} aria-label={t('title')}>
      <h3 className={styles.title}>{t('title')}</h3>
      <p className={styles.lead}>{t('lead')}</p>
      {task.failure && <DecisionProblem failure={task.failure} />}
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
          onReject={(reason) => bridge.reject(rejecting.id, reason).finally(reload)}
          done={t('rejected', { name: rejecting.name })}
          onClose={() => setRejecting(undefined)}
        />
      )}
    </section>
  );
}
