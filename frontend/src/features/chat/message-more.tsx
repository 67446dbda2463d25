import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './message-more.module.css';

export interface MessageMoreProps {
  /** Asked to open the menu near a place of the window. */
  onMenu: (x: number, y: number) => void;
}

/** The button that appears beside a message under the mouse or the focus. */
export function MessageMore({ onMenu }: MessageMoreProps) {
  const { t } = useTranslation('chat');
  return (
    <button
      type="button"
      className={styles.more}
      aria-label={t('message.menu')}
      aria-haspopup="menu"
      data-testid="message-menu"
      onClick={(event) => {
        const { left, bottom } = event.currentTarget.getBoundingClientRect();
        onMenu(left, bottom);
      }}
    >
      <IconDots className={styles.icon} aria-hidden="true" />
    </button>
  );
}
