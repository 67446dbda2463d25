import { IconArrowLeft, IconUserCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror, usePersonPresence } from '@/bridge/session-context';
import { EmptyState } from '@/components/empty-state';
import { IconButton } from '@/components/icon-button';
import { ProfileCard } from '@/components/profile-card';
import styles from './person-pane.module.css';

export interface PersonPaneProps {
  person: string | undefined;
  onBack: () => void;
  onRoom: (room: string) => void;
}

/** The chosen person's profile beside the list. */
export function PersonPane({ person, onBack, onRoom }: PersonPaneProps) {
  const { t } = useTranslation('people');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const profile = useMirror((mirror) => (person === undefined ? undefined : mirror.people.get(person)));
  const presence = usePersonPresence(person);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid);
  if (!profile) return <EmptyState icon={<IconUserCircle />} title={t('choose_title')} text={t('choose_text')} />;
  return (
    <div className={styles.pane}>
      <span className={styles.back}>
        <IconButton label={tc('back')} onClick={onBack}>
          <IconArrowLeft className={styles.icon} aria-hidden="true" />
        </IconButton>
      </span>
      <div className={styles.card}>
        <ProfileCard
          // A refusal belongs to the person whom it was about.
          key={profile.user_uuid}
          profile={profile}
          presence={presence}
          isMe={profile.user_uuid === me}
          onMessage={async () => onRoom(await bridge.openPerson(profile.user_uuid))}
        />
      </div>
    </div>
  );
}
