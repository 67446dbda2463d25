import { useTranslation } from 'react-i18next';
import type { SendKey } from '@/components/keys';
import { maxLetters } from './composer-rules';
import styles from './composer.module.css';

export interface ComposerHintProps {
  /** How many letters are too many; 0 or less: none. */
  excess: number;
  length: number;
  sendKey: SendKey;
  editing: boolean;
}

/** How to send; near the limit, how much fits. */
export function ComposerHint({ excess, length, sendKey, editing }: ComposerHintProps) {
  const { t } = useTranslation('chat');
  const { t: tm } = useTranslation('compose');
  if (excess > 0) {
    return (
      <span className={styles.failure} role="alert">
        {t('composer.too_long', { count: excess })}
      </span>
    );
  }
  if (length > maxLetters * 0.9) {
    return (
      <span className={styles.hint} data-testid="composer-count">
        {(maxLetters + excess).toLocaleString()} / {maxLetters.toLocaleString()}
      </span>
    );
  }
  const byEnter = sendKey === 'enter';
  const look = `${styles.hint} ${styles.how}`;
  if (editing) return <span className={look}>{tm(byEnter ? 'edit.hint' : 'edit.hint_ctrl')}</span>;
  return <span className={look}>{t(byEnter ? 'composer.hint_enter' : 'composer.hint_ctrl')}</span>;
}
