import { Chip, NativeSelect, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import { asFailure } from '@/bridge/failure';
import { useFailureText } from '@/components/failure-notice';
import { quietNow, snoozeChoices } from '@/components/quiet';
import { useToast } from '@/components/toast';
import { useNow } from '@/components/use-now';
import { clockTime, fullTime, sameDay, weekdayNames } from '@/i18n/time';
import { Row, type SettingsProps } from './section';
import styles from './quiet-rows.module.css';

const minute = 60_000;

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
          <label className={styles.time}>
            {t('quiet_from')}
            <input
              type="time"
              className={styles.field}
              value={quiet.from}
              onChange={(event) => event.currentTarget.value && change({ from: event.currentTarget.value })}
            />
          </label>
          <label className={styles.time}>
            {t('quiet_to')}
            <input
              type="time"
              className={styles.field}
              value={quiet.to}
              onChange={(event) => event.currentTarget.value && change({ to: event.currentTarget.value })}
            />
          </label>
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

/** Turns notifications off for a while; says until when they are. */
function SnoozeRow() {
  const { t } = useTranslation('settings');
  const { t: tc } = useTranslation();
  const snooze = useSnooze();
  const until = useQuietText();
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

function useSnooze() {
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  return (minutes: number) => {
    bridge.snooze(minutes).catch((error: unknown) => toast(failureText(asFailure(error))));
  };
}

/** Until when a snooze lasts, '' when there is none. */
function useQuietText(): string {
  const { t, i18n } = useTranslation();
  const settings = useMirror((mirror) => mirror.settings);
  const now = useNow(minute);
  const quiet = quietNow(settings, '', now);
  if (quiet?.why !== 'snoozed') return '';
  const time = sameDay(quiet.until, now) ? clockTime : fullTime;
  return t('snooze.until', { time: time(i18n.language, quiet.until) });
}
