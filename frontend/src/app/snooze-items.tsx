import { Menu } from '@mantine/core';
import { IconBell, IconBellOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import { useFailureText } from '@/components/failure-notice';
import { quietNow, snoozeChoices, type Quiet } from '@/components/quiet';
import { useToast } from '@/components/toast';
import { useNow } from '@/components/use-now';
import { clockTime, fullTime, sameDay } from '@/i18n/time';
import styles from './presence-menu.module.css';

const minute = 60_000;

/** Why no notification comes now, if none does, and that in words. */
export function useQuiet(presence: string): { quiet: Quiet | undefined; words: string } {
  const { t, i18n } = useTranslation();
  const settings = useMirror((mirror) => mirror.settings);
  const now = useNow(minute);
  const quiet = quietNow(settings, presence, now);
  if (!quiet) return { quiet, words: '' };
  const time = sameDay(quiet.until, now) ? clockTime : fullTime;
  return { quiet, words: t(`snooze.quiet.${quiet.why}`, { time: time(i18n.language, quiet.until) }) };
}

/** Menu items that turn notifications off for a while, or on again. */
export function SnoozeItems({ quiet, words }: { quiet: Quiet | undefined; words: string }) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  const snooze = (minutes: number) => {
    bridge.snooze(minutes).catch((error: unknown) => toast(failureText(asFailure(error))));
  };
  return (
    <>
      <Menu.Label data-testid="snooze-state">{words || t('snooze.label')}</Menu.Label>
      {quiet?.why === 'snoozed' ? (
        <Menu.Item
          leftSection={<IconBell className={styles.check} aria-hidden="true" />}
          data-testid="snooze-end"
          onClick={() => snooze(0)}
        >
          {t('snooze.end')}
        </Menu.Item>
      ) : (
        snoozeChoices.map((minutes) => (
          <Menu.Item
            key={minutes}
            leftSection={<IconBellOff className={styles.check} aria-hidden="true" />}
            data-testid={`snooze-${minutes}`}
            onClick={() => snooze(minutes)}
          >
            {t(`snooze.for.${minutes}`)}
          </Menu.Item>
        ))
      )}
    </>
  );
}
