import { Chip, NativeSelect, Switch } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { snoozeChoices } from '@/components/quiet';
import { useQuiet, useSnooze } from '@/components/use-quiet';
import { clockTime, weekdayNames } from '@/i18n/time';
import { Row, type SettingsProps } from './section';
import styles from './quiet-rows.module.css';

/** When no notification comes: for a while from now on, and at which hours. */
export function QuietRows({ settings, onChange }: SettingsProps) {
  const { t, i18n } = useTranslation('settings');
  const quiet = settings.quiet_hours;
  const change = (part: Partial<typeof quiet>) => onChange({ quiet_hours: { ...quiet, ...part } });
  return (
    <>
      <SnoozeRow />
      <Row label={t('quiet_hours')} hint={t('quiet_hours_hint')}>
        <Switch
          aria-label={t('quiet_hours')}
          checked={quiet.on}
          data-testid="settings-quiet"
          onChange={(event) => change({ on: event.currentTarget.checked })}
        />
      </Row>
      {quiet.on && (
        <div className={styles.hours} data-testid="settings-quiet-hours">
          <TimeChoice name={t('quiet_from')} time={quiet.from} onChoose={(from) => change({ from })} />
          <TimeChoice name={t('quiet_to')} time={quiet.to} onChoose={(to) => change({ to })} />
          <Chip.Group
            multiple
            value={quiet.days.map(String)}
            onChange={(days) => change({ days: days.map(Number).toSorted((a, b) => a - b) })}
          >
            <span className={styles.days} role="group" aria-label={t('quiet_days')}>
              {weekdayNames(i18n.language).map((name, day) => (
                <Chip key={name} value={String(day)} size="xs">
                  {name}
                </Chip>
              ))}
            </span>
          </Chip.Group>
        </div>
      )}
    </>
  );
}

const halfHours = Array.from({ length: 48 }, (_, i) => timeOf(i * 30));

function timeOf(minutes: number): string {
  const parts = [Math.floor(minutes / 60), minutes % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

interface TimeChoiceProps {
  name: string;
  /** Such as "22:00". */
  time: string;
  onChoose: (time: string) => void;
}

/** A time of the day in the app's language; the web view's own field follows the system's. */
function TimeChoice({ name, time, onChoose }: TimeChoiceProps) {
  const { i18n } = useTranslation();
  const id = useId();
  // A time between the half hours stays a choice while it is chosen.
  const times = halfHours.includes(time) ? halfHours : [...halfHours, time].toSorted();
  const label = (value: string) => clockTime(i18n.language, new Date(`2026-01-01T${value}`).getTime());
  return (
    <span className={styles.time}>
      <label htmlFor={id}>{name}</label>
      <NativeSelect
        id={id}
        size="xs"
        value={time}
        data={times.map((value) => ({ value, label: label(value) }))}
        onChange={(event) => onChoose(event.currentTarget.value)}
      />
    </span>
  );
}

/** Turns notifications off for a while; says until when they are. */
function SnoozeRow() {
  const { t } = useTranslation('settings');
  const { t: tc } = useTranslation();
  const snooze = useSnooze();
  const { quiet, words } = useQuiet('');
  const until = quiet?.why === 'snoozed' ? words : '';
  return (
    <Row label={t('snooze')} hint={until}>
      <NativeSelect
        aria-label={t('snooze')}
        data-testid="settings-snooze"
        value=""
        data={[
          { value: '', label: t('snooze_choose') },
          ...(until ? [{ value: '0', label: tc('snooze.end') }] : []),
          ...snoozeChoices.map((minutes) => ({ value: String(minutes), label: tc(`snooze.for.${minutes}`) })),
        ]}
        onChange={(event) => event.currentTarget.value !== '' && snooze(Number(event.currentTarget.value))}
      />
    </Row>
  );
}
