import { useTranslation } from 'react-i18next';
import { useBridge, useMirror, usePersonPresence } from '@/bridge/session-context';
import { Dialog } from '@/components/dialog';
import { ProfileCard } from '@/components/profile-card';

export interface PersonDialogProps {
  person: string | undefined;
  onClose: () => void;
  onRoom: (room: string) => void;
}

/** A colleague's profile above everything, after a press on a picture. */
export function PersonDialog({ person, onClose, onRoom }: PersonDialogProps) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const profile = useMirror((mirror) => (person === undefined ? undefined : mirror.people.get(person)));
  const presence = usePersonPresence(person);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid);
  if (!profile) return null;
  return (
    <Dialog title={t('profile.title')} width={360} onClose={onClose}>
      <ProfileCard
        profile={profile}
        presence={presence}
        isMe={profile.user_uuid === me}
        onMessage={async () => onRoom(await bridge.openPerson(profile.user_uuid))}
      />
    </Dialog>
  );
}
