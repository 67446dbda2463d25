import { Button, Group, NativeSelect, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import { addDays } from '@/components/calendar';
import { DateField } from '@/components/date-field';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { fieldError } from '@/components/field-error';
import { useTask } from '@/components/use-task';

export interface AskDialogProps {
  onAsked: () => void;
  onClose: () => void;
}

/** So many are offered at a time. */
const offered = 50;

const durations = [1, 4, 8, 24, 72];

/** Asks whose conversations, of when, for how long and why. */
export function AskDialog({ onAsked, onClose }: AskDialogProps) {
  const { t } = useTranslation('access');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const task = useTask();
  const [form, setForm] = useState({ kind: 'person', person: '', room: '', from: 0, to: 0, hours: 24, reason: '' });
  const [tried, setTried] = useState(false);
  const set = (change: Partial<typeof form>) => setForm((held) => ({ ...held, ...change }));
  const subject = (form.kind === 'person' ? form.person : form.room).trim();
  // The last day is in the period: it ends when the next one begins.
  const { from } = form;
  const to = form.to === 0 ? 0 : addDays(form.to, 1);
  const wrong = {
    subject: subject === '' && t('missing_subject'),
    period: !(from > 0 && from < to) && t('bad_period'),
    reason: form.reason.trim() === '' && t('missing_reason'),
  };

  async function send() {
    setTried(true);
    if (wrong.subject || wrong.period || wrong.reason) return;
    const order = { subject_kind: form.kind, subject_uuid: subject, reason: form.reason.trim(), from, to };
    if (await task.run(() => bridge.askAccess({ ...order, hours: form.hours }))) onAsked();
  }

  return (
    <Dialog title={t('ask_title')} width={480} onClose={onClose}>
      <Stack gap="sm">
        <Text size="sm">{t('ask_text')}</Text>
        <SegmentedControl
          aria-label={t('kind')}
          value={form.kind}
          data={[
            { value: 'person', label: t('kind_person') },
            { value: 'room', label: t('kind_room') },
          ]}
          onChange={(kind) => set({ kind })}
        />
        <SubjectFields
          {...form}
          error={(tried && wrong.subject) || fieldError(task.failure, 'subject_uuid')}
          onChange={set}
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

interface SubjectFieldsProps {
  kind: string;
  person: string;
  room: string;
  error: string | false | undefined;
  onChange: (change: { person?: string; room?: string }) => void;
}

/** Whose conversations: a person of the directory, or a room that is known here or by its number. */
function SubjectFields({ kind, person, room, error, onChange }: SubjectFieldsProps) {
  const { t } = useTranslation('access');
  const people = useMirror((mirror) => mirror.people);
  const rooms = useMirror((mirror) => mirror.rooms);
  const persons = useMemo(
    () =>
      [...people.values()].map(({ user_uuid, name, username }) => ({
        value: user_uuid,
        label: `${name} (${username})`,
      })),
    [people],
  );
  const known = useMemo(
    () =>
      [...rooms.values()].flatMap(({ room_uuid, name }) => (name === '' ? [] : [{ value: room_uuid, label: name }])),
    [rooms],
  );
  if (kind === 'person') {
    return (
      <Select
        label={t('person')}
        data={persons}
        limit={offered}
        searchable
        value={person === '' ? null : person}
        error={error}
        data-testid="access-person"
        onChange={(value) => onChange({ person: value ?? '' })}
      />
    );
  }
  return (
    <>
      <Select
        label={t('room')}
        description={t('room_hint')}
        data={known}
        limit={offered}
        searchable
        clearable
        value={known.some(({ value }) => value === room) ? room : null}
        data-testid="access-room"
        onChange={(value) => onChange({ room: value ?? '' })}
      />
      <TextInput
        label={t('room_id')}
        description={t('room_id_hint')}
        value={room}
        maxLength={36}
        error={error}
        data-testid="access-room-id"
        onChange={(event) => onChange({ room: event.currentTarget.value })}
      />
    </>
  );
}

/** When a day begins here; NaN for none. */
