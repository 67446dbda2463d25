import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { PendingReset } from '@/bridge/types';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { LoadedView } from '@/features/admin/loaded-view';
import { useLoaded } from '@/features/admin/use-loaded';
import styles from './approvals.module.css';
import { CodeDialog } from './code-dialog';
import { DecisionProblem } from './decision-problem';
import { RejectDialog } from './reject-dialog';
import { ResetCards } from './reset-cards';

/** Who lost a password. */
export function ResetApprovals() {
  const { t } = useTranslation('approvals');
  const bridge = useBridge();
  const toast = useToast();
  const count = useMirror((mirror) => mirror.admin.pending_resets);
  const { state, reload } = useLoaded(
    useCallback(() => bridge.pendingResets(), [bridge]),
    count,
  );
  const task = useTask();
  const [rejecting, setRejecting] = useState<PendingReset>();
  const [coding, setCoding] = useState<PendingReset>();

  async function decide(call: () => Promise<void>, done: string) {
    if (await task.run(call)) toast(done);
    reload();
  }

  return (
    <section className={styles.section} aria-label={t('resets.title')}>
      <h3 className={styles.title}>{t('resets.title')}</h3>
      {task.failure && <DecisionProblem failure={task.failure} />}
      <LoadedView state={state} onRetry={reload} title={t('failed')}>
        {(resets) =>
          resets.length === 0 ? (
            <p className={styles.lead} data-testid="resets-empty">
              {t('resets.empty')}
            </p>
          ) : (
            <ResetCards
              resets={resets}
              busy={task.busy}
              onApprove={({ id, name }) => void decide(() => bridge.approveReset(id), t('resets.approved', { name }))}
              onReject={setRejecting}
              onCode={setCoding}
            />
          )
        }
      </LoadedView>
      {rejecting && (
        <RejectDialog
          user={rejecting}
          onReject={(reason) => bridge.rejectReset(rejecting.id, reason).finally(reload)}
          done={t('resets.rejected', { name: rejecting.name })}
          onClose={() => setRejecting(undefined)}
        />
      )}
      {coding && <CodeDialog person={coding} onClose={() => setCoding(undefined)} />}
    </section>
  );
}
