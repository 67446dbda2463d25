import { IconMessagePlus, IconNotebook, IconUsers, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import { useTask } from '@/components/use-task';
import { FailureNotice } from '@/components/failure-notice';
import styles from './welcome.module.css';

export interface WelcomeProps {
  onPeople: () => void;
  onNewChat: () => void;
  /** Opens a room, at a message unless seq is 0. */
  onRoom: (room: string, seq: number) => void;
}

/** How somebody begins who talks to nobody yet. It is gone with the first room, so nobody has to put it away. */
export function Welcome({ onPeople, onNewChat, onRoom }: WelcomeProps) {
  const { t } = useTranslation('chat');
  const bridge = useBridge();
  const task = useTask();
  const me = useMirror((mirror) => mirror.state.me);
  const memo = () =>
    task.run(async () => {
      if (me) onRoom(await bridge.openPerson(me.user_uuid), 0);
    });
  const step = (what: 'people' | 'group' | 'memo', Picture: Icon, act: () => void) => (
    <li>
      <button type="button" className={styles.step} data-testid={`welcome-${what}`} disabled={task.busy} onClick={act}>
        <Picture className={styles.icon} aria-hidden="true" />
        <span>
          <span className={styles.what}>{t(`welcome.${what}`)}</span>
          <span className={styles.text}>{t(`welcome.${what}_text`)}</span>
        </span>
      </button>
    </li>
  );
  return (
    <section className={styles.welcome} data-testid="welcome">
      <h2 className={styles.title}>{t('welcome.title', { name: me?.name ?? '' })}</h2>
      <p className={styles.lead}>{t('welcome.text')}</p>
      <ul className={styles.steps}>
        {step('people', IconUsers, onPeople)}
        {step('group', IconMessagePlus, onNewChat)}
        {step('memo', IconNotebook, () => void memo())}
      </ul>
      {task.failure && <FailureNotice failure={task.failure} />}
      <p className={styles.hint}>{t('welcome.hint')}</p>
    </section>
  );
}
