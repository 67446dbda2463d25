/** The fake's figures for the dashboard: a working day of an invented company, the same for each start. */
import type { Statistics } from '@/bridge/types';
import type { Answer } from './account-calls';
import type { FakeWorld } from './world';

const hour = 3_600_000;
const slot = 300_000;
const byHour = [0, 0, 0, 0, 0, 0, 4, 30, 200, 880, 1250, 1100, 610, 760, 1180, 1320, 1010, 830, 540, 260, 90, 20, 5, 0];

function written(at: number): number {
  const day = new Date(at);
  const weekend = day.getDay() === 0 || day.getDay() === 6;
  return Math.round((byHour[day.getHours()] ?? 0) * (weekend ? 0.04 : 0.9 + (day.getDate() % 5) * 0.05));
}

function there(at: number): number {
  const day = new Date(at);
  const minutes = day.getHours() * 60 + day.getMinutes();
  return Math.round(431 * Math.exp(-(((minutes - 800) / 300) ** 4)));
}

/** Pairs of a step since 1970 and a figure, up to now. */
function pairs(now: number, step: number, count: number, figure: (at: number) => number): number[][] {
  const last = Math.floor(now / step);
  return Array.from({ length: count }, (_, index) => last - count + 1 + index)
    .map((at) => [at, figure(at * step)])
    .filter(([, value]) => value !== 0);
}

function figures(world: FakeWorld, days: number): Statistics {
  const now = world.now();
  const full = world.options.empty ? 0 : 1;
  return {
    at: now,
    active: 354 * full + 1,
    away: 58 * full,
    dnd: 0,
    people: 637 * full + 1,
    online_slots: pairs(now, slot, 12 * 36 * full, there),
    online_hours: pairs(now, hour, days * 24 * full, there),
    messages: pairs(now, hour, (days + 8) * 24 * full, written),
    sign_ups: pairs(now, hour, days * 24 * full, (at) =>
      new Date(at).getHours() === 10 ? new Date(at).getDate() % 4 : 0,
    ),
    bytes: 187 * 1024 ** 3 * full,
    files: 48_210 * full,
    quota: 500 * 1024 ** 3,
    kinds: world.options.empty
      ? []
      : [
          { extension: 'pdf', files: 14_020, bytes: 71 * 1024 ** 3 },
          { extension: 'pptx', files: 3_190, bytes: 52 * 1024 ** 3 },
          { extension: 'zip', files: 980, bytes: 31 * 1024 ** 3 },
          { extension: 'png', files: 21_400, bytes: 19 * 1024 ** 3 },
          { extension: 'xlsx', files: 8_620, bytes: 14 * 1024 ** 3 },
        ],
    waiting_users: 3 * full,
    oldest_user: full * (now - 26 * hour),
    waiting_resets: full,
    oldest_reset: full * (now - hour),
    counted: 0,
    written: 0,
    kinds_unknown: false,
  };
}

/** The administrators' figures. */
export function figureCalls(world: FakeWorld, answer: Answer) {
  return { statistics: (days: number) => answer(figures(world, days)) };
}
