import { Checkbox } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Profile } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { faceOf } from '@/components/names';
import { LongList } from '@/features/admin/long-list';
import styles from './members-section.module.css';
import type { Role } from './members-model';

export interface MemberTableProps {
  members: readonly Profile[];
  chosen: ReadonlySet<string>;
  onToggle: (person: string) => void;
  onOpen: (person: Profile) => void;
}

const keyOf = (member: Profile) => member.user_uuid;

/** The people; only those in view are in the page. Kept as it is while a key is painted: its functions stay the same. */
export const MemberTable = memo(function MemberTable({ members, chosen, onToggle, onOpen }: MemberTableProps) {
  const { t } = useTranslation('members');
  return (
    <LongList label={t('title')} testId="members-list" items={members} keyOf={keyOf} rowHeight={56}>
      {(member) => (
        <MemberRow member={member} chosen={chosen.has(member.user_uuid)} onToggle={onToggle} onOpen={onOpen} />
      )}
    </LongList>
  );
});

type MemberRowProps = Pick<MemberTableProps, 'onToggle' | 'onOpen'> & { member: Profile; chosen: boolean };

/** Kept as it is while the list around it changes: give it the same functions each time. */
const MemberRow = memo(function MemberRow({ member, chosen, onToggle, onOpen }: MemberRowProps) {
  const { t } = useTranslation('members');
  const { t: tc } = useTranslation();
  const isMe = useMirror((mirror) => mirror.state.me?.user_uuid === member.user_uuid);
  const title = [member.position, member.grade].filter(Boolean).join(' · ');
  return (
    <div
      className={styles.row}
      data-testid="member-row"
      data-user={member.user_uuid}
      data-off={member.state !== 'active'}
    >
      <Checkbox
        checked={chosen}
        aria-label={t('choose', { name: member.name })}
        data-testid="member-check"
        onChange={() => onToggle(member.user_uuid)}
      />
      <button type="button" className={styles.person} onClick={() => onOpen(member)}>
        <Avatar face={faceOf(member)} size="small" />
        <span className={styles.words}>
          <strong className={styles.line}>
            {member.name}
            {isMe && ` (${tc('me')})`}
          </strong>
          <span className={styles.second}>{[member.username, member.employee_id].filter(Boolean).join(' · ')}</span>
        </span>
      </button>
      <span className={styles.words}>
        <span className={styles.line}>{member.department || t('no_department')}</span>
        <span className={styles.second}>{title}</span>
      </span>
      <span className={styles.marks}>
        {member.role !== 'user' && <span className={styles.role}>{t(`role.${member.role as Role}`)}</span>}
        {member.state === 'disabled' && <span className={styles.off}>{t('state.disabled')}</span>}
      </span>
    </div>
  );
});
