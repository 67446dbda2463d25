import { Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Member, Room } from '@/bridge/types';
import { matcher } from '@/components/hangul-match';
import { personName } from '@/components/names';
import { SearchField } from '@/components/search-field';
import { InviteDialog } from './invite-dialog';
import { MemberRow } from './member-row';
import { useMembers } from './use-members';
import styles from './room-drawer.module.css';

/** A list of more people than this can be searched. */
const searchedFrom = 12;

export interface MemberSectionProps {
  room: Room;
  onPerson: (person: string) => void;
}

/** Who is in a room; members of a group may bring others. */
export function MemberSection({ room, onPerson }: MemberSectionProps) {
  const { t } = useTranslation('room');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const [query, setQuery] = useState('');
  const [inviting, setInviting] = useState(false);
  const members = useMembers(room);
  const fits = matcher(query);
  const nameOf = (member: Member) => personName(people, member.user_uuid, tc);
  const shown = query === '' ? members.list : members.list.filter((member) => fits(nameOf(member)));
  return (
    <section className={styles.section} aria-label={t('members', { count: room.member_count })}>
      <div className={styles.sectionHead}>
        <h3 className={styles.sectionTitle}>{t('members', { count: room.member_count })}</h3>
        {room.kind === 'group' && room.department_uuid === '' && !room.read_only && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconUserPlus size="1rem" />}
            data-testid="room-invite"
            onClick={() => setInviting(true)}
          >
            {t('invite')}
          </Button>
        )}
      </div>
      {room.department_uuid !== '' && <p className={styles.hint}>{t('department_room')}</p>}
      {room.member_count > searchedFrom && (
        <SearchField
          value={query}
          onChange={setQuery}
          label={t('find_member')}
          placeholder={t('find_member')}
          testId="member-search"
        />
      )}
      <ul>
        {shown.map((member) => (
          <MemberRow key={member.user_uuid} room={room} member={member} onPerson={onPerson} />
        ))}
      </ul>
      {shown.length === 0 && <p className={styles.hint}>{t('no_member')}</p>}
      {members.failed && room.members.length < room.member_count && (
        <p className={styles.hint}>{t('members_failed')}</p>
      )}
      {members.more && (
        <Button variant="subtle" size="xs" fullWidth onClick={members.loadMore}>
          {t('more_members')}
        </Button>
      )}
      {inviting && <InviteDialog room={room} members={members} onClose={() => setInviting(false)} />}
    </section>
  );
}
