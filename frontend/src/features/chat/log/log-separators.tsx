import { memo } from 'react';
import { fullDay } from '@/i18n/time';
import { useTexts } from '@/i18n/use-texts';
import type { DateAsked } from './date-jump';
import type { LogRow } from './log-rows';
import styles from './log-separators.module.css';

export interface LogSeparatorsProps {
  row: LogRow;
  onDate: (asked: DateAsked) => void;
}

/** What stands above a message: its day, if it is the first of it, and how far one has read. */
export const LogSeparators = memo(function LogSeparators({ row, onDate }: LogSeparatorsProps) {
  return (
    <>
      {row.opensDay && (
        <div className={styles.day}>
          <DayButton at={row.message.at} onDate={onDate} />
        </div>
      )}
      {row.opensUnread && <UnreadMark />}
    </>
  );
});

function UnreadMark() {
  const { t } = useTexts('chat');
  return (
    <p className={styles.mark} data-testid="unread-mark">
      {t('log.read_up_to')}
    </p>
  );
}

export interface DayButtonProps {
  at: number;
  onDate: (asked: DateAsked) => void;
}

/** A day's name; pressing it leads to another day. */
export function DayButton({ at, onDate }: DayButtonProps) {
  const { t, language } = useTexts('chat');
  const day = fullDay(language, at);
  return (
    <button
      type="button"
      className={styles.pill}
      data-testid="day"
      aria-label={t('log.to_date_from', { day })}
      onClick={(event) => {
        const { left, bottom, width } = event.currentTarget.getBoundingClientRect();
        onDate({ day: at, x: left + width / 2, y: bottom });
      }}
    >
      {day}
    </button>
  );
}
