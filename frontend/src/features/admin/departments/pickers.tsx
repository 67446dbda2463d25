import { IconCheck } from '@tabler/icons-react';
import { useMemo, useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { byName, isColleague, searchPeople } from '@/components/person-search';
import { SearchField } from '@/components/search-field';
import { LongList } from '@/features/admin/long-list';
import styles from './departments.module.css';
import { isWithin, treeRows, type Node, type Tree } from './departments-model';

/** What can be chosen; an empty key is the choice of none. */
interface Choice {
  key: string;
  text: string;
  second: string;
  depth: number;
}

interface PickerProps {
  label: string;
  /** What is said above the list, and when nothing is found. */
  search: string;
  query: string;
  onQuery: (query: string) => void;
  choices: readonly Choice[];
  value: string;
  onChange: (key: string) => void;
}

function Picker({ label, search, query, onQuery, choices, value, onChange }: PickerProps) {
  const { t } = useTranslation('departments');
  return (
    <div className={styles.picker}>
      <SearchField
        value={query}
        onChange={onQuery}
        label={search}
        placeholder={search}
        focusFirst
        testId="picker-search"
        onEnter={() => {
          const [first] = choices;
          if (query !== '' && first) onChange(first.key);
        }}
      />
      {choices.length === 0 ? (
        <p className={styles.none}>{t('none_found')}</p>
      ) : (
        <LongList label={label} testId="picker-list" items={choices} keyOf={(one) => one.key} rowHeight={40}>
          {({ key, text, second, depth }) => (
            <button
              type="button"
              className={styles.choice}
              style={{ '--depth': depth } as CSSProperties}
              aria-pressed={key === value}
              data-testid="picker-choice"
              onClick={() => onChange(key)}
            >
              <span className={styles.words}>
                <span className={styles.line}>{text}</span>
                {second !== '' && <span className={styles.second}>{second}</span>}
              </span>
              {key === value && <IconCheck className={styles.icon} aria-hidden="true" />}
            </button>
          )}
        </LongList>
      )}
    </div>
  );
}

const nothingFolded: ReadonlySet<string> = new Set();

export interface DepartmentPickerProps {
  tree: Tree;
  /** This one and what is below it can't be chosen. */
  without: Node;
  /** What no department is called here. */
  top: string;
  /** A department_uuid, or '' for none. */
  value: string;
  onChange: (department: string) => void;
}

/** Chooses a department, or none, out of any number. */
export function DepartmentPicker({ tree, without, top, value, onChange }: DepartmentPickerProps) {
  const { t } = useTranslation('departments');
  const [query, setQuery] = useState('');
  const choices = useMemo(() => {
    const found = treeRows(tree, nothingFolded, query)
      .filter(({ node }) => !isWithin(node, without))
      .map(({ node, depth, place }) => ({
        key: node.department.department_uuid,
        text: node.department.name,
        second: place,
        depth,
      }));
    return query.trim() === '' ? [{ key: '', text: top, second: '', depth: 0 }, ...found] : found;
  }, [tree, query, without, top]);
  return (
    <Picker
      label={t('choose_department')}
      search={t('search')}
      query={query}
      onQuery={setQuery}
      choices={choices}
      value={value}
      onChange={onChange}
    />
  );
}

export interface PersonPickerProps {
  /** Who is in this one stands first. */
  near: Node;
  /** A user_uuid, or '' for nobody. */
  value: string;
  onChange: (person: string) => void;
}

/** Chooses a colleague, or nobody. */
export function PersonPicker({ near, value, onChange }: PersonPickerProps) {
  const { t } = useTranslation('departments');
  const people = useMirror((mirror) => mirror.people);
  const [query, setQuery] = useState('');
  const { department_uuid: here } = near.department;
  const sorted = useMemo(() => {
    const colleagues = [...people.values()].filter(isColleague).toSorted(byName);
    const inIt = colleagues.filter((one) => one.department_uuid === here);
    return [...inIt, ...colleagues.filter((one) => one.department_uuid !== here)];
  }, [people, here]);
  const choices = useMemo(() => {
    const found = query.trim() === '' ? sorted : searchPeople(sorted, query);
    const list = found.map((one) => ({
      key: one.user_uuid,
      text: one.name,
      second: [one.department, one.position, one.grade].filter(Boolean).join(' · '),
      depth: 0,
    }));
    return query.trim() === '' ? [{ key: '', text: t('no_head'), second: '', depth: 0 }, ...list] : list;
  }, [sorted, query, t]);
  return (
    <Picker
      label={t('choose_person')}
      search={t('search_person')}
      query={query}
      onQuery={setQuery}
      choices={choices}
      value={value}
      onChange={onChange}
    />
  );
}
