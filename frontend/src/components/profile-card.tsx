import { Button } from '@mantine/core';
import { IconMessageCircle, IconNotes } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import type { Failure, Profile } from '@/bridge/types';
import { Avatar } from './avatar';
import { faceOf } from './names';
import { FailureNotice } from './failure-notice';
import styles from './profile-card.module.css';

const lines = ['department', 'position', 'grade', 'employee_id', 'username', 'email', 'phone'] as const;
const presences = ['active', 'away', 'dnd'] as const;

export interface ProfileCardProps {
  profile: Profile;
  /** active, away, dnd or off */
  presence: string;
  isMe: boolean;
  /** Opens the conversation; a rejection shows on the card. Without it there is no button. */
  onMessage?: () => Promise<void>;
}

/** Who somebody is and how to reach them. */
export function ProfileCard({ profile, presence, isMe, onMessage }: ProfileCardProps) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<Failure>();
  const state = presences.find((one) => one === presence) ?? 'off';
  const gone = profile.state !== 'active' && profile.state !== '';
  return (
    <div className={styles.card} data-testid="profile-card">
      <Avatar face={faceOf(profile)} size="huge" presence={presence} />
      <h2 className={styles.name}>{profile.name}</h2>
      <p className={styles.state}>
        {profile.bot && t('profile.bot')}
        {!profile.bot &&
          (gone ? t(profile.state === 'deleted' ? 'profile.deleted' : 'profile.disabled') : t(`presence.${state}`))}
        {profile.status_text && ` · ${profile.status_text}`}
      </p>
      <dl className={styles.lines}>
        {lines.map((line) => {
          const value = profile[line];
          return value ? (
            <div key={line} className={styles.line}>
              <dt>{t(`profile.${line}`)}</dt>
              <dd>{value}</dd>
            </div>
          ) : null;
        })}
      </dl>
      {failure && <FailureNotice failure={failure} />}
      {/* A bot reads nothing that is written to it alone. */}
      {onMessage && !gone && !profile.bot && (
        <Button
          fullWidth
          size="md"
          leftSection={isMe ? <IconNotes size="1.125rem" /> : <IconMessageCircle size="1.125rem" />}
          data-testid="person-message"
          onClick={() => void onMessage().catch((error: unknown) => setFailure(asFailure(error)))}
        >
          {isMe ? t('profile.memo') : t('profile.message')}
        </Button>
      )}
    </div>
  );
}
