import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import { clockTime, fullTime, sameDay } from '@/i18n/time';
import { useFailureText } from './failure-notice';
import { quietNow, type Quiet } from './quiet';
import { useToast } from './toast';
import { useNow } from './use-now';

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

/** Turns notifications off for so many minutes (see snoozeChoices), or with 0 on again. */
export function useSnooze(): (minutes: number) => void {
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  return (minutes) => {
    bridge.snooze(minutes).catch((error: unknown) => toast(failureText(asFailure(error))));
  };
}
