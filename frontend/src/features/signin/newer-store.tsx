import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Failure } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { useTask } from '@/components/use-task';
import styles from './form.module.css';

export interface NewerStoreProps {
  failure: Failure;
  onDone: () => void;
}

/** A newer version of the app wrote what is stored here: install that again, or go on without it. */
export function NewerStore({ failure, onDone }: NewerStoreProps) {
  const { t } = useTranslation('signin');
  const bridge = useBridge();
  const task = useTask();
  const [asking, setAsking] = useState(false);
  const start = async () => {
    const done = await task.run(() => bridge.startAnew());
    setAsking(false);
    if (done) onDone();
  };
  return (
    <div className={styles.problem}>
      <FailureNotice failure={task.failure ?? failure} testId="signin-problem" />
      <Button variant="default" data-testid="start-anew" onClick={() => setAsking(true)}>
        {t('anew.open')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t('anew.title')}
          okLabel={t('anew.ok')}
          busy={task.busy}
          onOk={() => void start()}
          onClose={() => setAsking(false)}
        >
          <p>{t('anew.text')}</p>
          <p>{t('anew.unsent')}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
