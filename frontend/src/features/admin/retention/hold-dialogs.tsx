import { NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Hold } from '@/bridge/types';
import { searchPeople } from '@/components/person-search';
import { ActDialog } from '@/features/admin/act-dialog';

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
  const people = useMirror((mirror) => mirror.people);
  const rooms = useMirror((mirror) => mirror.rooms);
  const [kind, setKind] = useState<'person' | 'room'>('person');
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState('');
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

  return (
    <ActDialog
      name="hold"
      hasField
      title={t('place_title')}
      text={t('place_text')}
      okLabel={t('hold_place')}
      reason="needed"
      missing={subject === ''}
      call={(reason) => bridge.placeHold(kind, subject, reason)}
      onDone={onDone}
      onClose={onClose}
    >
      {(tried) => (
        <>
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
            error={tried && subject === '' ? t('subject_missing') : undefined}
            data-testid="hold-subject"
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        </>
      )}
    </ActDialog>
  );
}

export interface EndHoldDialogProps extends PlaceHoldDialogProps {
  hold: Hold;
}

/** Ends a hold: what it kept may be deleted from then on. */
export function EndHoldDialog({ hold, onDone, onClose }: EndHoldDialogProps) {
  const { t } = useTranslation('retention');
  const bridge = useBridge();
  return (
    <ActDialog
      name="hold-end"
      danger
      title={t('end_title', { name: hold.subject_name === '' ? t('nameless_room') : hold.subject_name })}
      text={t('end_text', { count: hold.rooms })}
      okLabel={t('hold_end')}
      reason="needed"
      call={(reason) => bridge.endHold(hold.hold_uuid, reason)}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
