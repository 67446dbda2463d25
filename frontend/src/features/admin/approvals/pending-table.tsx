import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PendingUser } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { useNow } from '@/components/use-now';
import { listTime } from '@/i18n/time';
import styles from './pending-table.module.css';

export interface PendingTableProps {
  users: readonly PendingUser[];
  busy: boolean;
  onApprove: (user: PendingUser) => void;
  onReject: (user: PendingUser) => void;
}

/** The sign-ups that wait, with all that an administrator needs to know who it is. */
export function PendingTable({ users, busy, onApprove, onReject }: PendingTableProps) {
  const { t } = useTranslation('approvals');
  return (
    <section className={styles.card} aria-label={t('title')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('column.name')}</th>
            <th scope="col">{t('column.employee_id')}</th>
            <th scope="col">{t('column.department')}</th>
            <th scope="col" className={styles.wide}>
              {t('column.email')}
            </th>
            <th scope="col" className={styles.wide}>
              {t('column.asked')}
            </th>
            <th scope="col">
              <span className={styles.spoken}>{t('column.decision')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <PendingRow key={user.id} user={user} busy={busy} onApprove={onApprove} onReject={onReject} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type PendingRowProps = Omit<PendingTableProps, 'users'> & { user: PendingUser };

function PendingRow({ user, busy, onApprove, onReject }: PendingRowProps) {
  const { t, i18n } = useTranslation('approvals');
  const { t: tc } = useTranslation();
  const now = useNow(60_000);
  const rank = [user.position, user.grade].filter((part) => part !== '').join(' · ');
  return (
    <tr data-testid="pending-row" data-user={user.username}>
      <td>
        <span className={styles.person}>
          <Avatar face={{ id: user.user_uuid, name: user.name }} size="small" />
          <span className={styles.who}>
            <strong>{user.name}</strong>
            <span className={styles.second}>{user.username}</span>
          </span>
        </span>
      </td>
      <td>{user.employee_id}</td>
      <td>
        <span className={styles.who}>
          {user.department}
          <span className={styles.second}>{rank}</span>
        </span>
      </td>
      <td className={styles.wide}>{user.email}</td>
      <td className={styles.wide}>{listTime(i18n.language, user.created_at, now, tc('yesterday'))}</td>
      <td>
        <span className={styles.buttons}>
          <Button
            size="xs"
            variant="default"
            disabled={busy}
            aria-label={t('reject_label', { name: user.name })}
            data-testid="pending-reject"
            onClick={() => onReject(user)}
          >
            {t('reject')}
          </Button>
          <Button
            size="xs"
            disabled={busy}
            aria-label={t('approve_label', { name: user.name })}
            data-testid="pending-approve"
            onClick={() => onApprove(user)}
          >
            {t('approve')}
          </Button>
        </span>
      </td>
    </tr>
  );
}
