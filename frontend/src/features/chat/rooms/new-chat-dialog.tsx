import { Button, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Failure, Profile } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { byName, isColleague, searchPeople } from '@/components/person-search';
import { SearchField } from '@/components/search-field';
import { ChosenPeople } from './chosen-people';
import { PersonPicker } from './person-picker';
import styles from './new-chat-dialog.module.css';

export interface NewChatDialogProps {
  onClose: () => void;
  onRoom: (room: string) => void;
}

/** Chooses whom to talk to: one person opens that conversation, several make a group. */
export function NewChatDialog({ onClose, onRoom }: NewChatDialogProps) {
  const { t } = useTranslation('chat');
  const bridge = useBridge();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const [query, setQuery] = useState('');
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Profile[]>([]);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();

  const colleagues = useMemo(
    () => [...people.values()].filter((one) => one.user_uuid !== me && isColleague(one)).toSorted(byName),
    [people, me],
  );
  const found = useMemo(() => (query === '' ? colleagues : searchPeople(colleagues, query)), [colleagues, query]);

  function toggle(person: Profile) {
    const rest = chosen.filter((one) => one.user_uuid !== person.user_uuid);
    setChosen(rest.length === chosen.length ? [...chosen, person] : rest);
    if (rest.length === chosen.length) setQuery('');
  }

  async function start() {
    const [first] = chosen;
    if (!first) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const uuids = chosen.map((person) => person.user_uuid);
      onRoom(
        chosen.length === 1 ? await bridge.openPerson(first.user_uuid) : await bridge.createGroup(name.trim(), uuids),
      );
    } catch (error) {
      setFailure(asFailure(error));
      setBusy(false);
    }
  }

  const isGroup = chosen.length > 1;
  return (
    <Dialog title={t('new.title')} width={420} onClose={onClose}>
      <div className={styles.dialog}>
        <SearchField
          value={query}
          onChange={setQuery}
          label={t('new.search')}
          placeholder={t('new.search')}
          testId="new-chat-search"
          focusFirst
          onEnter={() => {
            const [first] = found;
            if (first && query !== '') toggle(first);
          }}
        />
        <ChosenPeople chosen={chosen} onRemove={toggle} />
        {isGroup && (
          <TextInput
            label={t('new.name')}
            description={t('new.name_hint')}
            value={name}
            maxLength={100}
            data-testid="new-chat-name"
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <PersonPicker
          people={found}
          none={t(query === '' ? 'new.nobody' : 'new.no_match')}
          chosen={chosen}
          onToggle={toggle}
        />
        {failure && <FailureNotice failure={failure} />}
        <Button
          size="md"
          disabled={chosen.length === 0}
          loading={busy}
          data-testid="new-chat-create"
          onClick={() => void start()}
        >
          {isGroup ? t('new.create_group', { count: chosen.length }) : t('new.start')}
        </Button>
      </div>
    </Dialog>
  );
}
