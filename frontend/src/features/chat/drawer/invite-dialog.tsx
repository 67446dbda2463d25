import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Profile, Room } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { byName, isColleague, searchPeople } from '@/components/person-search';
import { SearchField } from '@/components/search-field';
import { useTask } from '@/components/use-task';
import { ChosenPeople } from '@/features/chat/rooms/chosen-people';
import { PersonPicker } from '@/features/chat/rooms/person-picker';
import type { Members } from './use-members';
import styles from './invite-dialog.module.css';

export interface InviteDialogProps {
  room: Room;
  members: Members;
  onClose: () => void;
}

/** Chooses colleagues who are to come into a group. Who is in it already is not offered, and no error. */
export function InviteDialog({ room, members, onClose }: InviteDialogProps) {
  const { t } = useTranslation('room');
  const { t: tc } = useTranslation('chat');
  const bridge = useBridge();
  const people = useMirror((mirror) => mirror.people);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<readonly Profile[]>([]);
  const task = useTask();
  const offered = useMemo(() => {
    const inside = new Set([...room.members, ...members.list.map((member) => member.user_uuid)]);
    return [...people.values()].filter((one) => isColleague(one) && !inside.has(one.user_uuid)).toSorted(byName);
  }, [people, room.members, members.list]);
  const found = useMemo(() => (query === '' ? offered : searchPeople(offered, query)), [offered, query]);

  function toggle(person: Profile) {
    const rest = chosen.filter((one) => one.user_uuid !== person.user_uuid);
    setChosen(rest.length === chosen.length ? [...chosen, person] : rest);
    if (rest.length === chosen.length) setQuery('');
  }

  async function invite() {
    const uuids = chosen.map((person) => person.user_uuid);
    if (await task.run(() => bridge.invite(room.room_uuid, uuids))) onClose();
  }

  return (
    <Dialog title={t('invite_title')} width={420} onClose={onClose}>
      <div className={styles.dialog}>
        <SearchField
          value={query}
          onChange={setQuery}
          label={tc('new.search')}
          placeholder={tc('new.search')}
          testId="invite-search"
          focusFirst
          onEnter={() => {
            const [first] = found;
            if (first && query !== '') toggle(first);
          }}
        />
        <ChosenPeople chosen={chosen} onRemove={toggle} />
        <PersonPicker
          people={found}
          none={query === '' ? t('nobody_left') : tc('new.no_match')}
          chosen={chosen}
          onToggle={toggle}
        />
        <p className={styles.hint}>{t(room.history === 'all' ? 'invite_history_all' : 'invite_history_joined')}</p>
        {task.failure && <FailureNotice failure={task.failure} />}
        <Button
          size="md"
          disabled={chosen.length === 0}
          loading={task.busy}
          data-testid="invite-ok"
          onClick={() => void invite()}
        >
          {t('invite_ok', { count: chosen.length })}
        </Button>
      </div>
    </Dialog>
  );
}
