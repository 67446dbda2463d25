/** A due date is a day: it ends with its last minute here. Pure. */
import { addDays, dayOf } from '@/components/calendar';

const minute = 60_000;

/** The day of an instant; 0 for none. */
export function dueDay(at: number): number {
  return at === 0 ? 0 : dayOf(at);
}

/** The last minute of a day; 0 for none. */
export function endOf(day: number): number {
  return day === 0 ? 0 : addDays(day, 1) - minute;
}
