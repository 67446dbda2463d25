import { SegmentedControl } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { AdminNotice, NoticePerson } from '@/bridge/types';
import { useAdmin } from '@/features/admin/admin-context';
import { PagedView } from '@/features/admin/paged-view';
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
  const pages = usePages(call);
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
      <PagedView
        pages={pages}
        failed={t('people_failed')}
        restFailed={t('rest_failed')}
        empty={{ icon: <IconUsers />, title: t('nobody'), testId: 'notice-nobody' }}
        label={t('people')}
        testId="notice-people"
        keyOf={(person) => person.user_uuid}
        rowHeight={44}
      >
        {(person) => <PersonRow person={person} />}
      </PagedView>
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
