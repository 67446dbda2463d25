import { IconPaperclip } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { matcher } from '@/components/hangul-match';
import { personName, personPlace, roomTitle } from '@/components/names';
import { byName, isColleague, searchPeople } from '@/components/person-search';
import { shortDay } from '@/i18n/time';
import { ChoiceList, type Choice } from './choice-list';
import { FilterChip } from './filter-chip';
import { PeriodChoice } from './period-choice';
import styles from './search-filters.module.css';
import type { Asked } from './search-model';

export interface SearchFiltersProps {
  asked: Asked;
  onChange: (part: Partial<Asked>) => void;
}

/** What narrows the search: the room, the sender, from when to when, and whether there are files. */
export function SearchFilters({ asked, onChange }: SearchFiltersProps) {
  const { t } = useTranslation('search');
  const { t: tf } = useTranslation('file');
  const { t: tc, i18n } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const rooms = useMirror((mirror) => mirror.rooms);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const room = rooms.get(asked.room);
  const day = (at: number) => (at > 0 ? shortDay(i18n.language, at) : '');

  function roomChoices(query: string): Choice[] {
    const fits = matcher(query);
    return [...rooms.values()]
      .toSorted((a, b) => b.last_at - a.last_at)
      .map((one) => ({ id: one.room_uuid, name: roomTitle(one, people, me, tc), place: '' }))
      .filter((one) => fits(one.name));
  }
  function senderChoices(query: string): Choice[] {
    const colleagues = [...people.values()].filter(isColleague).toSorted(byName);
    return searchPeople(colleagues, query).map((one) => ({
      id: one.user_uuid,
      name: one.name,
      place: personPlace(one),
    }));
  }

  return (
    <div role="group" aria-label={t('filter.group')} className={styles.filters}>
      <FilterChip
        name="room"
        label={t('filter.room')}
        value={room ? roomTitle(room, people, me, tc) : ''}
        onClear={() => onChange({ room: '' })}
      >
        {(close) => (
          <ChoiceList
            label={t('filter.find_room')}
            choices={roomChoices}
            onChoose={(id) => {
              onChange({ room: id });
              close();
            }}
          />
        )}
      </FilterChip>
      <FilterChip
        name="sender"
        label={t('filter.sender')}
        value={asked.sender === '' ? '' : personName(people, asked.sender, tc)}
        onClear={() => onChange({ sender: '' })}
      >
        {(close) => (
          <ChoiceList
            label={t('filter.find_sender')}
            choices={senderChoices}
            onChoose={(id) => {
              onChange({ sender: id });
              close();
            }}
          />
        )}
      </FilterChip>
      <FilterChip
        name="period"
        label={t('filter.period')}
        value={asked.from > 0 || asked.to > 0 ? `${day(asked.from)} – ${day(asked.to)}` : ''}
        onClear={() => onChange({ from: 0, to: 0 })}
      >
        {(close) => (
          <PeriodChoice
            from={asked.from}
            to={asked.to}
            onChoose={(from, to) => {
              onChange({ from, to });
              close();
            }}
          />
        )}
      </FilterChip>
      <button
        type="button"
        className={styles.toggle}
        aria-label={tf('filter_label')}
        aria-pressed={asked.hasFile}
        data-testid="search-filter-file"
        onClick={() => onChange({ hasFile: !asked.hasFile })}
      >
        <IconPaperclip className={styles.icon} aria-hidden="true" />
        {tf('filter')}
      </button>
    </div>
  );
}
