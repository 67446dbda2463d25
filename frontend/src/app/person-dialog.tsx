import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror, usePersonPresence } from '@/bridge/session-context';
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
  return (
    <Modal
      opened={profile !== undefined}
      onClose={onClose}
      title={t('profile.title')}
      size={360}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {profile && (
        <ProfileCard
          profile={profile}
          presence={presence}
          isMe={profile.user_uuid === me}
          onMessage={async () => onRoom(await bridge.openPerson(profile.user_uuid))}
        />
      )}
    </Modal>
  );
}
