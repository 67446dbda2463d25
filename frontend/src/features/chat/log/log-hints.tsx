import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Edge } from './conversation-model';
import type { DateAsked } from './date-jump';
import { EdgeLine } from './edge-line';
import { DayButton } from './log-separators';
import styles from './log-hints.module.css';

export interface TopHintsProps {
  /** The day of what is at the upper edge; 0 for none. */
  day: number;
  scrolling: boolean;
  /** How many unread messages are above the view; 0 for none. */
  unread: number;
  older: Edge;
  onDate: (asked: DateAsked) => void;
  onUnread: () => void;
  onOlder: () => Promise<void>;
}

/** What lies over the upper edge of the log: the day while one scrolls, and the way to what is unread. */
export function TopHints({ day, scrolling, unread, older, onDate, onUnread, onOlder }: TopHintsProps) {
  const { t } = useTranslation('chat');
  return (
    <div className={styles.top}>
      <div className={styles.day} data-shown={scrolling && day > 0}>
        {day > 0 && <DayButton at={day} onDate={onDate} />}
      </div>
      {unread > 0 && (
        <button type="button" className={styles.pill} data-testid="jump-unread" onClick={onUnread}>
          <IconArrowUp className={styles.arrow} aria-hidden="true" />
          {t('log.to_unread', { count: unread })}
        </button>
      )}
      <EdgeLine side="older" edge={older} onRetry={onOlder} />
    </div>
  );
}

export interface BottomHintsProps {
  /** The end is at hand. */
  isNear: boolean;
  /** How many came since the end was left. */
  arrived: number;
  newer: Edge;
  onLatest: () => void;
  onNewer: () => Promise<void>;
}

/** What lies over the lower edge of the log: the way to the latest message, and how many are new there. */
export function BottomHints({ isNear, arrived, newer, onLatest, onNewer }: BottomHintsProps) {
  const { t } = useTranslation('chat');
  return (
    <div className={styles.bottom}>
      <EdgeLine side="newer" edge={newer} onRetry={onNewer} />
      {(!isNear || arrived > 0) && (
        <button type="button" className={styles.pill} data-testid="jump-latest" onClick={onLatest}>
          <IconArrowDown className={styles.arrow} aria-hidden="true" />
          {arrived > 0 ? t('log.new_messages', { count: arrived }) : t('log.to_latest')}
        </button>
      )}
    </div>
  );
}
