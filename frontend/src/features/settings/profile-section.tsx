import { Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { Failure, Me, OwnProfile } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { ProfileCard } from '@/components/profile-card';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { ProfileDialog } from './profile-dialog';
import { Row, Section } from './section';

/** How one is seen by the others, and what of it one may change. */
export function ProfileSection({ me }: { me: Me }) {
  const { t } = useTranslation('settings');
  const { own, failure, reload } = useOwnProfile();
  const [editing, setEditing] = useState(false);
  const mayText = own?.editable.some((field) => field !== 'photo') ?? false;
  return (
    <Section title={t('profile')}>
      <ProfileCard profile={me} presence={me.presence} isMe />
      {failure && <FailureNotice failure={failure} title={t('profile_failed')} />}
      {own?.editable.includes('photo') && <PhotoRow picture={me.picture ?? ''} />}
      {own && (
        <Row label={t('profile_fields')} hint={t(mayText ? 'profile_fields_hint' : 'profile_locked_hint')}>
          {mayText && (
            <Button variant="default" data-testid="profile-edit" onClick={() => setEditing(true)}>
              {t('profile_edit')}
            </Button>
          )}
        </Row>
      )}
      {editing && own && <ProfileDialog me={me} own={own} onSaved={reload} onClose={() => setEditing(false)} />}
    </Section>
  );
}

/** The photo: another one, or none. */
function PhotoRow({ picture }: { picture: string }) {
  const { t } = useTranslation('settings');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const choose = async () => {
    let chosen = false;
    await task.run(async () => {
      chosen = await bridge.chooseMyPicture();
    });
    if (chosen) toast(t('photo_changed'));
  };
  const remove = async () => {
    if (await task.run(() => bridge.removeMyPicture())) toast(t('photo_removed'));
  };
  return (
    <>
      {task.failure && <FailureNotice failure={task.failure} testId="photo-problem" />}
      <Row label={t('photo')} hint={t('photo_hint')}>
        {picture !== '' && (
          <Button variant="subtle" disabled={task.busy} data-testid="photo-remove" onClick={() => void remove()}>
            {t('photo_remove')}
          </Button>
        )}
        <Button variant="default" loading={task.busy} data-testid="photo-choose" onClick={() => void choose()}>
          {t('photo_choose')}
        </Button>
      </Row>
    </>
  );
}

/** What is not among Me, as far as the server told. */
function useOwnProfile() {
  const bridge = useBridge();
  const [own, setOwn] = useState<OwnProfile>();
  const [failure, setFailure] = useState<Failure>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    let live = true;
    bridge.myProfile().then(
      (found) => {
        if (!live) return;
        setOwn(found);
        setFailure(undefined);
      },
      (error: unknown) => live && setFailure(asFailure(error)),
    );
    return () => {
      live = false;
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- round says when to ask again
  }, [bridge, round]);
  const reload = useCallback(() => setRound((held) => held + 1), []);
  return { own, failure, reload };
}
