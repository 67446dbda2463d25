import { IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge, useMirror } from '@/bridge/session-context';
import { asFailure } from '@/bridge/failure';
import { EmptyState } from '@/components/empty-state';
import { useFailureText } from '@/components/failure-notice';
import { SearchField } from '@/components/search-field';
import { useToast } from '@/components/toast';
import { resultRows, stepFrom, type ResultRow } from './result-rows';
import { SearchFilters } from './search-filters';
import { isNarrowed, type SearchModel } from './search-model';
import styles from './search-pane.module.css';
import { SearchResults } from './search-results';
import { useNamed } from './use-named';

/** What the field takes: more than may be searched for, so that one can see that it is too much. */
const longestText = 300;

export interface SearchPaneProps {
  search: SearchModel;
  /** Opens a room, at a message if seq is not 0. */
  onRoom: (room: string, seq: number) => void;
}

/** One box over people, rooms and messages. */
export function SearchPane({ search, onRoom }: SearchPaneProps) {
  const { t } = useTranslation('search');
  const asked = useStore(search.asked);
  const finding = useStore(search.messages.store);
  const narrowed = isNarrowed(asked);
  const { people, rooms } = useNamed(narrowed ? '' : asked.text);
  const [whole, setWhole] = useState<ReadonlySet<'people' | 'rooms'>>(new Set());
  const rows = useMemo(() => resultRows({ people, rooms, finding, whole }), [people, rooms, finding, whole]);
  const [chosen, setChosen] = useState(search.chosen);
  const choose = (key: string | undefined) => {
    setChosen(key);
    search.choose(key);
  };
  const at = rows.findIndex((row) => 'key' in row && row.key === chosen);
  const listId = useId();
  const field = useFieldFocus();
  useAskAgainOnline(search);
  const openPerson = useOpenPerson(onRoom);

  function open(row: ResultRow | undefined) {
    if (!row || !('key' in row)) return;
    choose(row.key);
    if (row.kind === 'all') setWhole(new Set([...whole, row.group]));
    else if (row.kind === 'person') openPerson(row.person.user_uuid);
    else if (row.kind === 'room') onRoom(row.room.room_uuid, 0);
    else onRoom(row.hit.message.room_uuid, row.hit.message.seq);
  }
  function change(text: string) {
    choose(undefined);
    setWhole(new Set());
    search.change({ text });
  }
  function step(by: 1 | -1) {
    const row = rows[stepFrom(rows, at, by)];
    if (row && 'key' in row) choose(row.key);
  }

  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title}>{t('title')}</h1>
      </header>
      <search className={styles.search}>
        <SearchField
          ref={field}
          value={asked.text}
          onChange={change}
          label={t('label')}
          placeholder={t('placeholder')}
          shortcut="Ctrl Shift F"
          testId="search-input"
          maxLength={longestText}
          combo={{
            list: rows.some((row) => 'key' in row) ? listId : undefined,
            active: at >= 0 ? `${listId}-${at}` : undefined,
          }}
          onEnter={() => open(rows[at >= 0 ? at : stepFrom(rows, -1, 1)])}
          onArrow={step}
        />
        <SearchFilters asked={asked} onChange={search.change} />
      </search>
      <div className={styles.results}>
        {rows.length > 0 && (
          <SearchResults
            id={listId}
            rows={rows}
            at={at}
            asked={asked}
            finding={finding}
            scrollTop={search.scrollTop()}
            onScroll={search.scrolledTo}
            onOpen={open}
            onMore={search.messages.more}
            onRetry={search.messages.again}
          />
        )}
        {rows.length === 0 && (
          <EmptyState
            icon={<IconSearch />}
            title={t(narrowed ? 'empty.narrowed_title' : 'empty.title')}
            text={t(narrowed ? 'empty.narrowed_text' : 'empty.text')}
            testId="search-empty"
          />
        )}
      </div>
    </>
  );
}

/** The field has the focus when the search appears. */
function useFieldFocus() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}

/** What was found on this device only is found whole once the network is back. */
function useAskAgainOnline(search: SearchModel) {
  const link = useMirror((mirror) => mirror.state.link);
  useEffect(() => {
    const finding = search.messages.store.getState();
    if (link === 'online' && finding.status === 'found' && finding.local) search.messages.again();
  }, [link, search]);
}

function useOpenPerson(onRoom: SearchPaneProps['onRoom']) {
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  return (person: string) => {
    bridge.openPerson(person).then(
      (room) => onRoom(room, 0),
      (error: unknown) => toast(failureText(asFailure(error))),
    );
  };
}
