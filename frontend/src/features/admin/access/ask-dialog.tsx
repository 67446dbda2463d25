import { Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { addDays } from '@/components/calendar';
import { DateField } from '@/components/date-field';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { fieldError } from '@/components/field-error';
import { useTask } from '@/components/use-task';
import { SubjectChooser, type Subject } from '@/features/admin/subject/subject-chooser';

export interface AskDialogProps {
  onAsked: () => void;
  onClose: () => void;
}

interface Form {
  subject: Subject;
  from: number;
  to: number;
  hours: number;
  reason: string;
}

const durations = [1, 4, 8, 24, 72];

/** Asks whose conversations, of when, for how long and why. */
export function AskDialog({ onAsked, onClose }: AskDialogProps) {
  const { t } = useTranslation('access');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const task = useTask();
  const [form, setForm] = useState<Form>({
    subject: { kind: 'person', id: '' },
    from: 0,
    to: 0,
    hours: 24,
    reason: '',
  });
  const [tried, setTried] = useState(false);
  const set = (change: Partial<Form>) => setForm((held) => ({ ...held, ...change }));
  // The last day is in the period: it ends when the next one begins.
  const { from } = form;
  const to = form.to === 0 ? 0 : addDays(form.to, 1);
  const wrong = {
    subject: form.subject.id === '' && t('missing_subject'),
    period: !(from > 0 && from < to) && t('bad_period'),
    reason: form.reason.trim() === '' && t('missing_reason'),
  };

  async function send() {
    setTried(true);
    if (wrong.subject || wrong.period || wrong.reason) return;
    const { kind, id } = form.subject;
    const order = { subject_kind: kind, subject_uuid: id, reason: form.reason.trim(), from, to };
    if (await task.run(() => bridge.askAccess({ ...order, hours: form.hours }))) onAsked();
  }

  return (
    <Dialog title={t('ask_title')} width={480} onClose={onClose}>
      <Stack gap="sm">
        <Text size="sm">{t('ask_text')}</Text>
        <SubjectChooser
          label={t('kind')}
          subject={form.subject}
          error={(tried && wrong.subject) || fieldError(task.failure, 'subject_uuid')}
          onChange={(subject) => set({ subject })}
        />
        <Group grow align="flex-start">
          <DateField name={t('from')} day={form.from} testId="access-from" onChange={(day) => set({ from: day })} />
          <DateField
            name={t('to')}
            day={form.to}
            error={(tried && wrong.period) || fieldError(task.failure, 'to')}
            testId="access-to"
            onChange={(day) => set({ to: day })}
          />
        </Group>
        <NativeSelect
          label={t('duration')}
          value={String(form.hours)}
          data={durations.map((count) => ({ value: String(count), label: t('hours', { count }) }))}
          error={fieldError(task.failure, 'hours')}
          onChange={(event) => set({ hours: Number(event.currentTarget.value) })}
        />
        <Textarea
          label={t('reason')}
          description={t('reason_hint')}
          maxLength={200}
          rows={2}
          data-testid="access-reason"
          value={form.reason}
          error={(tried && wrong.reason) || fieldError(task.failure, 'reason')}
          onChange={(event) => set({ reason: event.currentTarget.value })}
        />
        {task.failure && <FailureNotice failure={task.failure} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {tc('cancel')}
          </Button>
          <Button loading={task.busy} data-testid="access-send" onClick={() => void send()}>
            {t('ask')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
