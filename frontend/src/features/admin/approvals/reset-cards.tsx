import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { PendingReset } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { namedFace } from '@/components/names';
import { useNow } from '@/components/use-now';
import { listTime } from '@/i18n/time';
import styles from './reset-cards.module.css';

export interface ResetCardsProps {
  resets: readonly PendingReset[];
  busy: boolean;
  onApprove: (reset: PendingReset) => void;
  onReject: (reset: PendingReset) => void;
  onCode: (reset: PendingReset) => void;
}

/** Who lost a password: the code that the person must be able to say stands big, for it is what is compared. */
export function ResetCards({ resets, busy, onApprove, onReject, onCode }: ResetCardsProps) {
  const { t } = useTranslation('approvals');
  return (
    <ul className={styles.list} aria-label={t('resets.title')}>
      {resets.map((reset) => (
        <li key={reset.id} className={styles.card} data-testid="reset-card" data-user={reset.username}>
          <Who reset={reset} />
          <p className={styles.hint}>{t('resets.hint')}</p>
          <div className={styles.decision}>
            <output className={styles.code} aria-label={t('resets.code_label')} data-testid="reset-compare">
              {reset.compare_code.replace(/^(\d{3})(\d{3})$/, '$1 $2')}
            </output>
            <span className={styles.buttons}>
              <Button size="xs" variant="subtle" disabled={busy} data-testid="reset-code" onClick={() => onCode(reset)}>
                {t('resets.lost')}
              </Button>
              <Button
                size="xs"
                variant="default"
                disabled={busy}
                data-testid="reset-reject"
                onClick={() => onReject(reset)}
              >
                {t('reject')}
              </Button>
              <Button size="xs" disabled={busy} data-testid="reset-approve" onClick={() => onApprove(reset)}>
                {t('resets.approve')}
              </Button>
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Who({ reset }: { reset: PendingReset }) {
  const { t, i18n } = useTranslation('approvals');
  const { t: tc } = useTranslation();
  const now = useNow(60_000);
  const people = useMirror((mirror) => mirror.people);
  const asked = listTime(i18n.language, reset.requested_at, now, tc('yesterday'));
  return (
    <div className={styles.who}>
      <Avatar face={namedFace(people, reset.user_uuid, reset.name)} size="small" />
      <span className={styles.words}>
        <strong>{reset.name}</strong>
        <span className={styles.second}>
          {[reset.department, reset.employee_id, reset.username].filter((part) => part !== '').join(' · ')}
        </span>
        <span className={styles.second}>{t('resets.asked', { asked, address: reset.remote_addr })}</span>
      </span>
    </div>
  );
}
