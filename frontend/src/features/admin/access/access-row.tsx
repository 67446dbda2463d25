import { Button } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Access } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { useNow } from '@/components/use-now';
import styles from './access-section.module.css';
import { useAccessWords } from './access-words';
import type { Verb } from './decide-dialog';

export interface AccessRowProps {
  request: Access;
  onDecide: (request: Access, verb: Verb) => void;
  onRead: (request: Access) => void;
}

/** A request: for whose conversations, where it stands, and what can be done about it. */
export function AccessRow({ request, onDecide, onRead }: AccessRowProps) {
  const { t } = useTranslation('access');
  const words = useAccessWords();
  const now = useNow(30_000);
  const { state, subject_kind, subject_uuid, reason, requested_by, requested_at, decided_by, decided_at } = request;
  const open = (state === 'pending' || state === 'approved') && request.expires_at > now;
  const over = (state === 'pending' || state === 'approved') && !open;
  const act = (verb: Verb) => (
    <Button
      size="xs"
      {...(verb === 'approve' ? {} : { variant: 'default' })}
      data-testid={`access-${verb}`}
      onClick={() => onDecide(request, verb)}
    >
      {t(verb)}
    </Button>
  );
  return (
    <div className={styles.row} data-testid="access-row" data-state={state}>
      <span className={styles.subject}>
        {subject_kind === 'person' ? (
          <Avatar
            face={{ id: subject_uuid, name: words.person(subject_uuid), picture: words.picture(subject_uuid) }}
            size="small"
          />
        ) : (
          <IconMessages className={styles.room} aria-hidden="true" />
        )}
        <span className={styles.words}>
          <strong className={styles.line}>{words.subject(request)}</strong>
          <span className={styles.second}>{words.period(request)}</span>
          <span className={styles.second}>{t('reason_is', { reason })}</span>
        </span>
      </span>
      <span className={styles.words}>
        <span className={styles.state} data-state={over ? 'expired' : state}>
          {t(`state.${over ? 'expired' : (state as 'pending')}`)}
          {open && ` · ${words.left(request.expires_at, now)}`}
        </span>
        <span className={styles.second}>
          {t('asked_by', { name: words.person(requested_by), when: words.when(requested_at, now) })}
        </span>
        <span className={styles.second}>
          {decided_by === ''
            ? state === 'pending' && t('undecided')
            : t('decided_by', { name: words.person(decided_by), when: words.when(decided_at, now) })}
        </span>
      </span>
      <span className={styles.acts}>
        {open && request.may_decide && act('approve')}
        {open && request.may_decide && act('reject')}
        {open && request.may_read && (
          <Button size="xs" data-testid="access-read" onClick={() => onRead(request)}>
            {t('read')}
          </Button>
        )}
        {open && request.may_end && !request.may_decide && act('end')}
      </span>
    </div>
  );
}
