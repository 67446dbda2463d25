/** When the core tells of nothing: snoozed, or in the quiet hours. The same rule as in its quiet.go. Pure. */
import type { Settings } from '@/bridge/types';

/** Why no notification comes, and until when; `until` 0: until it is changed. */
export interface Quiet {
  why: 'off' | 'snoozed' | 'quiet_hours' | 'dnd';
  until: number;
}

/** What is believed of a snooze: the clock may have been wrong. */
const snoozeMost = 48 * 3_600_000;

/** The choices of a snooze, in minutes; -1: until tomorrow at nine. */
export const snoozeChoices = [30, 60, 120, 240, -1] as const;

/** Says why no notification comes now, if none does. */
export function quietNow(settings: Settings, presence: string, now: number): Quiet | undefined {
  if (!settings.notifications) return { why: 'off', until: 0 };
  const left = settings.snooze_until - now;
  if (left > 0 && left <= snoozeMost) return { why: 'snoozed', until: settings.snooze_until };
  const until = quietHoursEnd(settings.quiet_hours, now);
  if (until > 0) return { why: 'quiet_hours', until };
  return presence === 'dnd' ? { why: 'dnd', until: 0 } : undefined;
}

/** When the quiet hours end in which now is; 0 when it is in none. By the clock on the wall, also in a night of 23 hours. */
function quietHoursEnd({ on, from, to, days }: Settings['quiet_hours'], now: number): number {
  if (!on) return 0;
  const overnight = to <= from ? 1 : 0;
  for (const day of [-1, 0]) {
    const begin = wallClock(now, day, from);
    const end = wallClock(now, day + overnight, to);
    const weekday = new Date(wallClock(now, day, '12:00')).getDay();
    if (days.includes(weekday) && begin <= now && now < end) return end;
  }
  return 0;
}

function wallClock(now: number, day: number, time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + day, hours, minutes).getTime();
}
