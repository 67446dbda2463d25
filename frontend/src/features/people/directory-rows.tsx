import { useVirtualizer } from '@tanstack/react-virtual';
import { IconChevronRight } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '@/components/avatar';
import { faceOf } from '@/components/names';
import type { DirectoryRow } from './directory';
import styles from './directory-rows.module.css';

const departmentHeight = 36;
const personHeight = 50;

export interface DirectoryRowsProps {
  rows: readonly DirectoryRow[];
  presence: ReadonlyMap<string, string>;
  me: string;
  chosen: string | undefined;
  onFold: (department: string) => void;
  onChoose: (person: string) => void;
  /** A double press: straight to the conversation. */
  onTalk: (person: string) => void;
}

/** The lines of the people list; only those in view are in the page. */
export function DirectoryRows({ rows, presence, me, chosen, onFold, onChoose, onTalk }: DirectoryRowsProps) {
  const { t } = useTranslation('people');
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'department' ? departmentHeight : personHeight),
    getItemKey: (index) => `${rows[index]?.kind}-${rows[index]?.key}`,
    overscan: 8,
  });
  return (
    <div ref={scroller} className={styles.scroller}>
      <ul className={styles.list} style={{ height: virtualizer.getTotalSize() }} aria-label={t('list')}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row ? (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={styles.item}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {row.kind === 'department' ? (
                <DepartmentRow row={row} onFold={onFold} />
              ) : (
                <PersonRow
                  row={row}
                  presence={presence.get(row.key) ?? 'off'}
                  isMe={row.key === me}
                  chosen={row.key === chosen}
                  onChoose={onChoose}
                  onTalk={onTalk}
                />
              )}
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

interface DepartmentRowProps {
  row: Extract<DirectoryRow, { kind: 'department' }>;
  onFold: (department: string) => void;
}

function DepartmentRow({ row, onFold }: DepartmentRowProps) {
  const { t } = useTranslation('people');
  const { online, total } = row;
  return (
    <button
      type="button"
      className={styles.department}
      style={{ '--depth': row.depth } as React.CSSProperties}
      aria-expanded={row.open}
      data-testid="department-row"
      onClick={() => onFold(row.key)}
    >
      <IconChevronRight className={styles.chevron} data-open={row.open} aria-hidden="true" />
      <span className={styles.name}>{row.name}</span>
      {row.head !== '' && <span className={styles.head}>{t('head_is', { name: row.head })}</span>}
      <span className={styles.count} role="img" aria-label={t('online_label', { online, total })}>
        {t('online', { online, total })}
      </span>
    </button>
  );
}

interface PersonRowProps {
  row: Extract<DirectoryRow, { kind: 'person' }>;
  presence: string;
  isMe: boolean;
  chosen: boolean;
  onChoose: (person: string) => void;
  onTalk: (person: string) => void;
}

function PersonRow({ row, presence, isMe, chosen, onChoose, onTalk }: PersonRowProps) {
  const { t } = useTranslation();
  const { t: tp } = useTranslation('people');
  const { person } = row;
  const second = [row.alone ? person.department : '', person.status_text ?? '']
    .filter((part) => part !== '')
    .join(' · ');
  return (
    <button
      type="button"
      className={styles.person}
      style={{ '--depth': row.depth } as React.CSSProperties}
      aria-current={chosen ? 'true' : undefined}
      data-testid="people-row"
      data-user={person.user_uuid}
      onClick={() => onChoose(person.user_uuid)}
      onDoubleClick={() => onTalk(person.user_uuid)}
    >
      <Avatar face={faceOf(person)} size="middle" presence={presence} />
      <span className={styles.text}>
        <span className={styles.who}>
          <span className={styles.name}>{person.name}</span>
          {isMe && <span className={styles.tag}>{t('me')}</span>}
          {row.leads && <span className={styles.tag}>{tp('head')}</span>}
          <span className={styles.grade}>
            {[person.grade, person.position].filter((part) => part !== '').join(' · ')}
          </span>
        </span>
        {second !== '' && <span className={styles.place}>{second}</span>}
      </span>
    </button>
  );
}
