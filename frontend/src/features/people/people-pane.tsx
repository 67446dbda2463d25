import { IconSearchOff, IconUsers } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror, usePresence } from '@/bridge/session-context';
import { EmptyState } from '@/components/empty-state';
import { SearchField } from '@/components/search-field';
import { directoryRows } from './directory';
import { DirectoryRows } from './directory-rows';
import styles from './people-pane.module.css';

export interface PeoplePaneProps {
  chosen: string | undefined;
  onChoose: (person: string | undefined) => void;
  onRoom: (room: string) => void;
}

/** The company's people by department, with a search that knows Korean. */
export function PeoplePane({ chosen, onChoose, onRoom }: PeoplePaneProps) {
  const { t } = useTranslation('people');
  const bridge = useBridge();
  const people = useMirror((mirror) => mirror.people);
  const departments = useMirror((mirror) => mirror.departments);
  const presence = usePresence();
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const [query, setQuery] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const noDepartment = t('no_department');
  const rows = useMemo(
    () =>
      directoryRows({
        people: people.values(),
        departments: [...departments.values()],
        presence,
        query,
        folded,
        noDepartment,
      }),
    [people, departments, presence, query, folded, noDepartment],
  );

  function fold(key: string) {
    const next = new Set(folded);
    if (!next.delete(key)) next.add(key);
    setFolded(next);
  }
  const talkTo = (person: string) => {
    // A refusal shows on the profile, whose button does the same.
    bridge.openPerson(person).then(onRoom, () => onChoose(person));
  };

  const [first] = rows;
  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title}>{t('title')}</h1>
        {query !== '' && <span className={styles.found}>{t('found', { count: rows.length })}</span>}
      </header>
      <div className={styles.search}>
        <SearchField
          value={query}
          onChange={setQuery}
          label={t('search_label')}
          placeholder={t('search')}
          testId="people-search"
          onEnter={() => {
            if (query !== '' && first?.kind === 'person') onChoose(first.key);
          }}
        />
      </div>
      <div className={styles.rows}>
        {rows.length > 0 && (
          <DirectoryRows
            rows={rows}
            presence={presence}
            me={me}
            chosen={chosen}
            onFold={fold}
            onChoose={onChoose}
            onTalk={talkTo}
          />
        )}
        {rows.length === 0 && query !== '' && (
          <EmptyState icon={<IconSearchOff />} title={t('no_match_title')} text={t('no_match_text')} />
        )}
        {rows.length === 0 && query === '' && (
          <EmptyState icon={<IconUsers />} title={t('empty_title')} text={t('empty_text')} />
        )}
      </div>
    </>
  );
}
