import { Button } from '@mantine/core';
import { IconMessageCircleOff, IconMessagePlus, IconMessages, IconSearchOff } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { memo, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror, usePresence } from '@/bridge/session-context';
import { EmptyState } from '@/components/empty-state';
import { IconButton } from '@/components/icon-button';
import { ListSkeleton } from '@/components/list-skeleton';
import { roomTitle } from '@/components/names';
import { SearchField } from '@/components/search-field';
import { FilterChips } from './filter-chips';
import { filterRooms, sortRooms, unreadRooms, type RoomFilter } from './room-list';
import { RoomRows } from './room-rows';
import styles from './room-list-pane.module.css';

/** What to say when a filter leaves no room. */
function nothing(filter: RoomFilter, t: TFunction<'chat'>): { title: string; text?: string } {
  if (filter === 'unread') return { title: t('list.no_unread_title'), text: t('list.no_unread_text') };
  if (filter === 'favourites') return { title: t('list.no_favourite_title'), text: t('list.no_favourite_text') };
  return { title: t('list.no_filter_title') };
}

export interface RoomListPaneProps {
  open: string | undefined;
  onOpen: (room: string) => void;
  onNewChat: () => void;
}

/** The list of conversations with its filters. */
export function RoomListPane({ open, onOpen, onNewChat }: RoomListPaneProps) {
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const held = useMirror((mirror) => mirror.rooms);
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const presence = usePresence();
  const link = useMirror((mirror) => mirror.state.link);
  const [filter, setFilter] = useState<RoomFilter>('all');
  const [query, setQuery] = useState('');

  const rooms = useMemo(() => sortRooms([...held.values()]), [held]);
  const shown = useMemo(
    () => filterRooms(rooms, { filter, query, open, presence, title: (room) => roomTitle(room, people, me, tc) }),
    [rooms, filter, query, open, presence, people, me, tc],
  );

  return (
    <>
      <ListHead onNewChat={onNewChat} />
      <div className={styles.search}>
        <SearchField
          value={query}
          onChange={setQuery}
          label={t('filter.label')}
          placeholder={t('filter.placeholder')}
          testId="room-filter"
          onEnter={() => {
            const [first] = shown;
            if (query === '' || !first) return;
            onOpen(first.room_uuid);
            setQuery('');
          }}
        />
      </div>
      <FilterChips chosen={filter} unread={unreadRooms(rooms)} onChoose={setFilter} />
      <div className={styles.rows}>
        {shown.length > 0 && <RoomRows rooms={shown} part={`${filter} ${query}`} open={open} onOpen={onOpen} />}
        {shown.length === 0 && rooms.length === 0 && link === 'connecting' && <ListSkeleton rows={8} />}
        {shown.length === 0 && rooms.length === 0 && link !== 'connecting' && (
          <EmptyState
            icon={<IconMessages />}
            title={t('list.empty_title')}
            text={t('list.empty_text')}
            testId="rooms-empty"
            action={
              <Button variant="default" onClick={onNewChat}>
                {t('new_chat')}
              </Button>
            }
          />
        )}
        {shown.length === 0 && rooms.length > 0 && query !== '' && (
          <EmptyState icon={<IconSearchOff />} title={t('list.no_match_title')} text={t('list.no_match_text')} />
        )}
        {shown.length === 0 && rooms.length > 0 && query === '' && (
          <EmptyState icon={<IconMessageCircleOff />} {...nothing(filter, t)} />
        )}
      </div>
    </>
  );
}

const ListHead = memo(function ListHead({ onNewChat }: Pick<RoomListPaneProps, 'onNewChat'>) {
  const { t } = useTranslation('chat');
  return (
    <header className={styles.head}>
      <h1 className={styles.title}>{t('title')}</h1>
      <IconButton label={t('new_chat')} shortcut="Ctrl+N" testId="new-chat" onClick={onNewChat}>
        <IconMessagePlus className={styles.icon} aria-hidden="true" />
      </IconButton>
    </header>
  );
});
