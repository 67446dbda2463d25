import { expect, test } from 'vitest';
import { emptyMirror } from '@/bridge/mirror';
import type { Settings } from '@/bridge/types';
import { quietNow } from './quiet';

const at = (day: number, hours: number, minutes = 0) => new Date(2026, 10, day, hours, minutes).getTime();
const night = { on: true, from: '22:00', to: '08:00', days: [5] }; // Fridays; 2026-11-27 is one
const settings = (change: Partial<Settings>): Settings => ({ ...emptyMirror.settings, ...change });

test.each<[string, Partial<Settings> & { presence?: string }, number, ReturnType<typeof quietNow>]>([
  ['nothing is set', {}, at(27, 23), undefined],
  ['turned off', { notifications: false }, at(27, 12), { why: 'off', until: 0 }],
  ['snoozed', { snooze_until: at(27, 13) }, at(27, 12), { why: 'snoozed', until: at(27, 13) }],
  ['a snooze that is over', { snooze_until: at(27, 11) }, at(27, 12), undefined],
  ['a snooze of another year', { snooze_until: at(27, 12) + 4e10 }, at(27, 12), undefined],
  ['the evening', { quiet_hours: night }, at(27, 22), { why: 'quiet_hours', until: at(28, 8) }],
  ['after midnight', { quiet_hours: night }, at(28, 7, 59), { why: 'quiet_hours', until: at(28, 8) }],
  ['the morning', { quiet_hours: night }, at(28, 8), undefined],
  ['the evening of another day', { quiet_hours: night }, at(28, 23), undefined],
  ['do not disturb', { presence: 'dnd' }, at(27, 12), { why: 'dnd', until: 0 }],
])('%s', (_, { presence = 'active', ...change }, now, want) => {
  expect(quietNow(settings(change), presence, now)).toEqual(want);
});
