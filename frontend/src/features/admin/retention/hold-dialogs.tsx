import { NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Hold } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { searchPeople } from '@/components/person-search';
import { useTask } from '@/components/use-task';

/** How many of the people who fit can be chosen from. */
const mostFitting = 50;

export interface PlaceHoldDialogProps {
  onDone: () => void;
  onClose: () => void;
}

/** Asks whom or what to hold, and why. */
export function PlaceHoldDialog({ onDone, onClose }: PlaceHoldDialogProps) {
  const { t } = useTranslation('retention');
  const bridge = useBridge();
  const task = useTask();
  const people = useMirror((mirror) => mirror.people);
  const rooms = useMirror((mirror) => mirror.rooms);
  const [kind, setKind] = useState<'person' | 'room'>('person');
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const choices = useMemo(() => {
    if (kind === 'room') {
      return [...rooms.values()]
        .filter((room) => room.name !== '')
        .map((room) => ({ value: room.room_uuid, label: room.name }));
    }
    const there = [...people.values()].filter((person) => person.state !== 'deleted');
    const found = query.trim() === '' ? there : searchPeople(there, query);
    return found.slice(0, mostFitting).map((person) => ({
      value: person.user_uuid,
      label: [person.name, person.department, person.username].filter(Boolean).join(' · '),
    }));
  }, [kind, people, rooms, query]);
  const subject = choices.some(({ value }) => value === chosen) ? chosen : '';
  const missing = { subject: subject === '', reason: reason.trim() === '' };

  async function place() {
    setTried(true);
    if (missing.subject || missing.reason) return;
    if (!(await task.run(() => bridge.placeHold(kind, subject, reason.trim())))) return;
    onDone();
    onClose();
  }

  return (
    <ConfirmDialog
      hasField
      busy={task.busy}
      title={t('place_title')}
      okLabel={t('hold_place')}
      onOk={() => void place()}
      onClose={onClose}
    >
      <Stack gap="md">
        <span>{t('place_text')}</span>
        <Radio.Group
          aria-label={t('hold_kind')}
          value={kind}
          onChange={(value) => setKind(value === 'room' ? 'room' : 'person')}
        >
          <Stack gap="xs">
            <Radio value="person" label={t('kind_person')} />
            <Radio value="room" label={t('kind_room')} data-testid="hold-room" />
          </Stack>
        </Radio.Group>
        {kind === 'person' && (
          <TextInput
            label={t('find_person')}
            value={query}
            data-autofocus
            data-testid="hold-search"
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          label={t(kind === 'person' ? 'kind_person' : 'kind_room')}
          value={subject}
          data={[{ value: '', label: t('choose') }, ...choices]}
          error={tried && missing.subject ? t('subject_missing') : undefined}
          data-testid="hold-subject"
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <TextInput
          label={t('reason')}
          description={t('reason_hint')}
          value={reason}
          withAsterisk
          maxLength={200}
          error={tried && missing.reason ? t('reason_missing') : undefined}
          data-testid="hold-reason"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {task.failure && <FailureNotice failure={task.failure} />}
      </Stack>
    </ConfirmDialog>
  );
}

export interface EndHoldDialogProps extends PlaceHoldDialogProps {
  hold: Hold;
}

/** Ends a hold: what it kept may be deleted from then on. */
export function EndHoldDialog({ hold, onDone, onClose }: EndHoldDialogProps) {
  const { t } = useTranslation('retention');
  const bridge = useBridge();
  const task = useTask();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const missing = reason.trim() === '';

  async function end() {
    setTried(true);
    if (missing) return;
    if (!(await task.run(() => bridge.endHold(hold.hold_uuid, reason.trim())))) return;
    onDone();
    onClose();
  }

  return (
    <ConfirmDialog
      danger
      hasField
      busy={task.busy}
      title={t('end_title', { name: hold.subject_name === '' ? t('nameless_room') : hold.subject_name })}
      okLabel={t('hold_end')}
      onOk={() => void end()}
      onClose={onClose}
    >
      <Stack gap="md">
        <span>{t('end_text', { count: hold.rooms })}</span>
        <TextInput
          label={t('reason')}
          description={t('reason_hint')}
          value={reason}
          withAsterisk
          maxLength={200}
          error={tried && missing ? t('reason_missing') : undefined}
          data-autofocus
          data-testid="hold-end-reason"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {task.failure && <FailureNotice failure={task.failure} />}
      </Stack>
    </ConfirmDialog>
  );
}
