import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { monthName, weekdayNames } from '@/i18n/time';
import { addDays, addMonths, dayOf, monthOf, weeksOf } from './calendar';
import { IconButton } from './icon-button';
import styles from './month-grid.module.css';

export interface MonthGridProps {
  /** The day that is chosen now, or that the month is shown for. */
  day: number;
  today: number;
  /** The last day that can be chosen; without it, any. */
  latest?: number;
  onChoose: (day: number) => void;
}

/** Escape closes what the calendar stands in, and not the dialog below that: Mantine's dialogs look for this. */
const keepsEscape = { 'data-mantine-stop-propagation': 'true' };

const steps = new Map<string, (day: number) => number>([
  ['ArrowLeft', (day) => addDays(day, -1)],
  ['ArrowRight', (day) => addDays(day, 1)],
  ['ArrowUp', (day) => addDays(day, -7)],
  ['ArrowDown', (day) => addDays(day, 7)],
  ['Home', (day) => addDays(day, -new Date(day).getDay())],
  ['End', (day) => addDays(day, 6 - new Date(day).getDay())],
  ['PageUp', (day) => addMonths(day, -1)],
  ['PageDown', (day) => addMonths(day, 1)],
]);

/** A month to choose a day from, with the keys of ARIA's date grid. It takes the focus. */
export function MonthGrid({ day, today, latest = Infinity, onChoose }: MonthGridProps) {
  const { t, i18n } = useTranslation();
  const [focused, setFocused] = useState(Math.min(dayOf(day), latest));
  const grid = useRef<HTMLTableElement>(null);
  const month = monthOf(focused);
  const go = (to: number) => setFocused(Math.min(to, latest));

  useEffect(() => {
    grid.current?.querySelector<HTMLElement>(`[data-day="${new Date(focused).getDate()}"]`)?.focus();
  }, [focused]);

  function onKeyDown(event: KeyboardEvent) {
    const step = steps.get(event.key);
    if (!step) return;
    event.preventDefault();
    go(step(focused));
  }

  return (
    <div className={styles.calendar}>
      <div className={styles.head}>
        <IconButton {...keepsEscape} label={t('calendar.previous_month')} onClick={() => go(addMonths(focused, -1))}>
          <IconChevronLeft className={styles.icon} aria-hidden="true" />
        </IconButton>
        <span className={styles.title} aria-live="polite">
          {monthName(i18n.language, focused)}
        </span>
        <IconButton
          {...keepsEscape}
          label={t('calendar.next_month')}
          disabled={latest < Infinity && month.year === monthOf(latest).year && month.month === monthOf(latest).month}
          onClick={() => go(addMonths(focused, 1))}
        >
          <IconChevronRight className={styles.icon} aria-hidden="true" />
        </IconButton>
      </div>
      <table
        ref={grid}
        // ARIA's date grid is a table.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role
        role="grid"
        className={styles.grid}
        aria-label={monthName(i18n.language, focused)}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            {weekdayNames(i18n.language).map((name) => (
              <th key={name} scope="col" className={styles.weekday}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week.find((one) => one !== undefined)}>
              {week.map((one, i) => (
                // The days of a week never change their order.
                // oxlint-disable-next-line react/no-array-index-key
                <td key={i} aria-selected={one !== undefined && one === dayOf(day)}>
                  {one !== undefined && (
                    <button
                      {...keepsEscape}
                      type="button"
                      className={styles.day}
                      tabIndex={one === focused ? 0 : -1}
                      data-autofocus={one === focused || undefined}
                      disabled={one > latest}
                      aria-current={one === dayOf(today) ? 'date' : undefined}
                      data-chosen={one === dayOf(day)}
                      data-testid="calendar-day"
                      data-day={new Date(one).getDate()}
                      onClick={() => onChoose(one)}
                    >
                      {new Date(one).getDate()}
                    </button>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
