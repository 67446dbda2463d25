import { SegmentedControl } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { AdminNotice, NoticePerson } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { useAdmin } from '@/features/admin/admin-context';
import { LoadedView } from '@/features/admin/loaded-view';
import { LongList } from '@/features/admin/long-list';
import { usePages } from '@/features/admin/use-pages';
import { fullTime } from '@/i18n/time';
import styles from './notices-section.module.css';

export interface NoticePeopleListProps {
  notice: AdminNotice;
  /** A department_uuid, none for those without one, or empty for all. */
  department: string;
}

/** Who has done what a notice asks for, or who has not. */
export function NoticePeopleList({ notice, department }: NoticePeopleListProps) {
  const { t } = useTranslation('notices_admin');
  const bridge = useBridge();
  const [settled, setSettled] = useState('no');
  const call = useCallback(
    async (after: number) => {
      const { people, next } = await bridge.noticePeople(notice.notice_uuid, { settled, department, after });
      return { items: people, next };
    },
    [bridge, notice.notice_uuid, settled, department],
  );
  const { state, more, reload } = usePages(call);
  return (
    <section className={styles.people} aria-label={t('people')}>
      <SegmentedControl
        aria-label={t('people')}
        data-testid="notice-settled"
        value={settled}
        data={[
          { value: 'no', label: t(notice.confirm ? 'not_confirmed' : 'not_read') },
          { value: 'yes', label: t(notice.confirm ? 'confirmed' : 'read') },
        ]}
        onChange={setSettled}
      />
      <LoadedView state={state} onRetry={reload} title={t('people_failed')} rows={5}>
        {({ items, next, failure }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconUsers />} title={t('nobody')} testId="notice-nobody" />
          ) : (
            <LongList
              label={t('people')}
              testId="notice-people"
              items={items}
              keyOf={(person) => person.user_uuid}
              rowHeight={44}
              more={next !== 0 && !failure}
              onMore={more}
              failure={failure}
              failureTitle={t('rest_failed')}
              onRetry={reload}
            >
              {(person) => <PersonRow person={person} />}
            </LongList>
          )
        }
      </LoadedView>
    </section>
  );
}

function PersonRow({ person }: { person: NoticePerson }) {
  const { t, i18n } = useTranslation('notices_admin');
  const { onPerson } = useAdmin();
  const { name, employee_id, department, read_at, confirmed_at, left } = person;
  const time = (at: number) => fullTime(i18n.language, at);
  const did =
    confirmed_at > 0
      ? t('confirmed_when', { time: time(confirmed_at) })
      : read_at > 0
        ? t('read_when', { time: time(read_at) })
        : t('not_seen');
  return (
    <button
      type="button"
      className={styles.person}
      data-testid="notice-person"
      onClick={() => onPerson(person.user_uuid)}
    >
      <strong className={styles.line}>{name}</strong>
      <span className={styles.second}>
        {[employee_id, department, left ? t('left') : ''].filter(Boolean).join(' · ')}
      </span>
      <span className={styles.second}>{did}</span>
    </button>
  );
}
