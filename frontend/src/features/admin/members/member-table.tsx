import { Checkbox } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Profile } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { faceOf } from '@/components/names';
import styles from './members-section.module.css';
import type { Role } from './members-model';

const rowHeight = 56;

export interface MemberTableProps {
  members: readonly Profile[];
  chosen: ReadonlySet<string>;
  onToggle: (person: string) => void;
  onOpen: (person: Profile) => void;
}

/** The people; only those in view are in the page. */
export function MemberTable({ members, chosen, onToggle, onOpen }: MemberTableProps) {
  const { t } = useTranslation('members');
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: members.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => members[index]?.user_uuid ?? index,
    overscan: 8,
  });
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be reached by keyboard
      tabIndex={0}
      role="region"
      aria-label={t('title')}
      data-testid="members-list"
    >
      <ul className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const member = members[index];
          return (
            member && (
              <li
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className={styles.place}
                style={{ transform: `translateY(${start}px)` }}
                aria-setsize={members.length}
                aria-posinset={index + 1}
              >
                <MemberRow member={member} chosen={chosen.has(member.user_uuid)} onToggle={onToggle} onOpen={onOpen} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

type MemberRowProps = Pick<MemberTableProps, 'onToggle' | 'onOpen'> & { member: Profile; chosen: boolean };

function MemberRow({ member, chosen, onToggle, onOpen }: MemberRowProps) {
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
}
