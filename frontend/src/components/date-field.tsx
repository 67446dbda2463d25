import { Input, Popover } from '@mantine/core';
import { IconCalendar, IconX } from '@tabler/icons-react';
import { useId, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { shortDay } from '@/i18n/time';
import { dayOf } from './calendar';
import styles from './date-field.module.css';
import { MonthGrid } from './month-grid';
import { useNow } from './use-now';

export interface DateFieldProps {
  name: string;
  /** Where it stands by itself the name is said inside, and there is no line above. */
  compact?: boolean;
  description?: ReactNode;
  error?: ReactNode;
  /** The day, by the instant at which it begins; 0 for none. */
  day: number;
  /** Whether days to come can be chosen. */
  future?: boolean;
  testId: string;
  onChange: (day: number) => void;
}

/** A day, in the app's language whatever the system's is: the web view's own date field follows the system. */
export function DateField({ name, compact, description, error, day, future, testId, onChange }: DateFieldProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [opened, setOpened] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const today = useNow(0);
  const text = day > 0 ? shortDay(i18n.language, day) : '';
  return (
    <Input.Wrapper id={id} label={compact ? undefined : name} description={description} error={error || undefined}>
      <div className={styles.field} data-invalid={Boolean(error)}>
        <Popover opened={opened} onChange={setOpened} position="bottom-start" withinPortal trapFocus returnFocus>
          <Popover.Target>
            <button
              ref={button}
              id={id}
              type="button"
              className={styles.main}
              aria-label={text === '' ? name : `${name}: ${text}`}
              data-testid={testId}
              data-empty={text === ''}
              onClick={() => setOpened((held) => !held)}
            >
              {/* Beside a day there is no room for it in a narrow row. */}
              {text === '' && <IconCalendar className={styles.icon} aria-hidden="true" />}
              <span className={styles.text}>{text || (compact ? name : t('calendar.none'))}</span>
            </button>
          </Popover.Target>
          <Popover.Dropdown aria-label={name}>
            <MonthGrid
              day={day || today}
              today={today}
              latest={future ? undefined : dayOf(today)}
              onChoose={(chosen) => {
                onChange(chosen);
                setOpened(false);
              }}
            />
          </Popover.Dropdown>
        </Popover>
        {text !== '' && (
          <button
            type="button"
            className={styles.clear}
            aria-label={t('calendar.clear', { name })}
            data-testid={`${testId}-clear`}
            onClick={() => {
              onChange(0);
              button.current?.focus();
            }}
          >
            <IconX className={styles.icon} aria-hidden="true" />
          </button>
        )}
      </div>
    </Input.Wrapper>
  );
}
