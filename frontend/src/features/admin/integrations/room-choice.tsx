import { Checkbox, Radio, Stack, TextInput } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { roomTitle } from '@/components/names';
import { byText } from '@/components/person-search';
import { normalise, normalisedMatcher } from '@/components/hangul-match';
import { choosable } from './integrations-model';
import styles from './integrations.module.css';

export interface RoomChoiceProps {
  /** One conversation, and not several. */
  one: boolean;
  chosen: readonly string[];
  error: ReactNode;
  onChange: (rooms: string[]) => void;
}

/** So many are shown; who has more of them looks for one by its name. */
const shownMost = 50;

/** Chooses among the groups that the reader is in. */
export function RoomChoice({ one, chosen, error, onChange }: RoomChoiceProps) {
  const { t } = useTranslation('integrations');
  const [query, setQuery] = useState('');
  const titled = useTitled();
  const fits = normalisedMatcher(query);
  const found = query.trim() === '' ? titled : titled.filter(({ title }) => fits(normalise(title)));
  const rows = found.slice(0, shownMost);
  const list = (
    <Stack gap="xs" className={styles.rooms} data-testid="integration-rooms">
      {rows.map(({ id, title }) =>
        one ? (
          <Radio key={id} value={id} label={title} data-testid="integration-room" />
        ) : (
          <Checkbox key={id} value={id} label={title} data-testid="integration-room" />
        ),
      )}
      {rows.length === 0 && (
        <span className={styles.small}>{t(titled.length === 0 ? 'no_rooms' : 'no_room_found')}</span>
      )}
    </Stack>
  );
  const label = t(one ? 'room' : 'rooms');
  const text = t('rooms_text');
  return (
    <Stack gap="xs">
      {one ? (
        <Radio.Group
          withAsterisk
          label={label}
          description={text}
          error={error}
          value={chosen[0] ?? ''}
          onChange={(room) => onChange([room])}
        >
          {list}
        </Radio.Group>
      ) : (
        <Checkbox.Group
          withAsterisk
          label={label}
          description={text}
          error={error}
          value={[...chosen]}
          onChange={onChange}
        >
          {list}
        </Checkbox.Group>
      )}
      {titled.length > 8 && (
        <TextInput
          aria-label={t('find_room')}
          placeholder={t('find_room')}
          value={query}
          data-testid="integration-find"
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      )}
    </Stack>
  );
}

function useTitled() {
  const { t: tc } = useTranslation();
  const rooms = useMirror((mirror) => mirror.rooms);
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  return useMemo(
    () =>
      choosable(rooms.values())
        .map((room) => ({ id: room.room_uuid, title: roomTitle(room, people, me, tc) }))
        .toSorted((a, b) => byText(a.title, b.title)),
    [rooms, people, me, tc],
  );
}
