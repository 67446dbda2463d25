import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { NotificationTest } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { useTask } from '@/components/use-task';
import { Row } from './section';

const problems = ['no_service', 'no_answer', 'not_allowed'] as const;
const reasons = ['off', 'snoozed', 'quiet_hours', 'dnd'] as const;

/** Shows a notification and says what this PC's notifications can, or why none is seen. */
export function TestRow() {
  const { t } = useTranslation('settings');
  const bridge = useBridge();
  const task = useTask();
  const [result, setResult] = useState<NotificationTest>();
  const said = useSaid(result);
  return (
    <>
      <Row label={t('test')} hint={said || t('test_hint')}>
        <Button
          variant="default"
          loading={task.busy}
          data-testid="settings-test"
          onClick={() => void task.run(async () => setResult(await bridge.testNotification()))}
        >
          {t('test_button')}
        </Button>
      </Row>
      <span role="status" data-testid="settings-test-result" data-problem={result?.problem ?? 'none'} hidden>
        {said}
      </span>
      {task.failure && <FailureNotice failure={task.failure} />}
    </>
  );
}

function useSaid(result: NotificationTest | undefined): string {
  const { t } = useTranslation('settings');
  if (!result) return '';
  const quiet = reasons.find((one) => one === result.quiet);
  const later = quiet ? ` ${t(`test_quiet.${quiet}`)}` : '';
  if (result.problem !== '') {
    const problem = problems.find((one) => one === result.problem) ?? 'failed';
    return t(`test_problem.${problem}`) + later;
  }
  const can = result.replies ? 'replies' : result.clicks ? 'clicks' : 'plain';
  return t(`test_can.${can}`, { service: result.service || t('system') }) + later;
}
