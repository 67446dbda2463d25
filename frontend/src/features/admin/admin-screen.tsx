import { Button } from '@mantine/core';
import { IconUserCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { PendingUser } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { ListSkeleton } from '@/components/list-skeleton';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import styles from './admin-screen.module.css';
import { PendingTable } from './pending-table';
import { RejectDialog } from './reject-dialog';
import { usePending } from './use-pending';

/** The administrators' tab: who wants to join. */
export function AdminScreen() {
  const { t } = useTranslation('admin');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  const { state, reload } = usePending();
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
    <main className={styles.screen}>
      <header className={styles.head}>
        <h1 className={styles.title}>{t('title')}</h1>
        <p className={styles.lead}>{t('lead')}</p>
      </header>
      {task.failure && !rejecting && <FailureNotice failure={task.failure} />}
      {state.kind === 'loading' && <ListSkeleton rows={4} />}
      {state.kind === 'failed' && (
        <div className={styles.failed}>
          <FailureNotice failure={state.failure} title={t('failed')} />
          <Button onClick={reload}>{tc('retry')}</Button>
        </div>
      )}
      {state.kind === 'loaded' && state.users.length === 0 && (
        <EmptyState icon={<IconUserCheck />} title={t('empty_title')} text={t('empty_text')} testId="pending-empty" />
      )}
      {state.kind === 'loaded' && state.users.length > 0 && (
        <PendingTable
          users={state.users}
          busy={task.busy}
          onApprove={(user) => void decide(() => bridge.approve(user.id), t('approved', { name: user.name }))}
          onReject={setRejecting}
        />
      )}
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
    </main>
  );
}
