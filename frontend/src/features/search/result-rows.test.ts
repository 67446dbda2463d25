import { describe, expect, test } from 'vitest';
import type { Profile, Room, SearchHit } from '@/bridge/types';
import type { Finding } from '@/components/message-search';
import { resultRows, stepFrom } from './result-rows';

const person = (n: number) => ({ user_uuid: `u${n}` }) as Profile;
const room = (n: number) => ({ room_uuid: `r${n}` }) as Room;
const hit = (n: number) => ({ message: { client_id: `c${n}` }, snippet: [] }) as unknown as SearchHit;
const found = (hits: SearchHit[], next = 0): Finding => ({ status: 'found', hits, next, local: false, more: 'idle' });
const none = new Set<never>();
const brief = (rows: ReturnType<typeof resultRows>) => rows.map((row) => ('key' in row ? row.key : row.kind));

describe('the lines', () => {
  test('are grouped, and few of each group show at first', () => {
    const people = [1, 2, 3, 4, 5, 6].map(person);
    const rows = resultRows({ people, rooms: [room(1)], finding: found([hit(1)]), whole: none });
    expect(brief(rows)).toEqual([
      'head',
      'person-u1',
      'person-u2',
      'person-u3',
      'person-u4',
      'all-people',
      'head',
      'room-r1',
      'head',
      'message-c1',
      'state',
    ]);
    expect(rows[0]).toMatchObject({ group: 'people', count: 6 });
    expect(rows[5]).toMatchObject({ group: 'people', count: 2 });
  });

  test('show a group whole that is one too long, or when it is asked for', () => {
    expect(
      brief(resultRows({ people: [1, 2, 3, 4, 5].map(person), rooms: [], finding: { status: 'idle' }, whole: none })),
    ).toHaveLength(6);
    const rooms = Array.from({ length: 20 }, (_, n) => room(n));
    expect(
      resultRows({ people: [], rooms, finding: { status: 'idle' }, whole: new Set(['rooms'] as const) }),
    ).toHaveLength(21);
  });

  test('say first that only this device was searched', () => {
    const finding: Finding = { status: 'found', hits: [hit(1)], next: 0, local: true, more: 'idle' };
    expect(brief(resultRows({ people: [], rooms: [], finding, whole: none }))).toEqual([
      'head',
      'local',
      'message-c1',
      'state',
    ]);
  });

  test('say when there are more messages than were loaded', () => {
    const [head] = resultRows({ people: [], rooms: [], finding: found([hit(1)], 7), whole: none });
    expect(head).toMatchObject({ kind: 'head', group: 'messages', open: true });
  });
});

test.each([
  ['from nowhere down', -1, 1, 1],
  ['from nowhere up', -1, -1, 1],
  ['over a head', 1, 1, 3],
  ['back over it', 3, -1, 1],
  ['at the end', 3, 1, 3],
] as const)('%s', (_, at, step, wanted) => {
  const rows = resultRows({ people: [person(1)], rooms: [], finding: found([hit(1)]), whole: none });
  expect(stepFrom(rows, at, step)).toBe(wanted);
});
