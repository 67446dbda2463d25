import { describe, expect, test } from 'vitest';
import type { Room } from '@/bridge/types';
import { filterRooms, sortRooms, unreadRooms, type FilterBy } from './room-list';
import { room } from './testdata';

const uuids = (rooms: readonly Room[]) => rooms.map((one) => one.room_uuid);

test('rooms stand by their last message; equal ones keep one order', () => {
  const rooms = [room('a', { last_at: 5 }), room('c', { last_at: 9 }), room('b', { last_at: 9 })];
  expect(uuids(sortRooms(rooms))).toEqual(['b', 'c', 'a']);
  expect(uuids(sortRooms(rooms.toReversed()))).toEqual(['b', 'c', 'a']);
});

describe('filters', () => {
  const rooms = [
    room('기획팀', { unread_count: 2 }),
    room('홍길동', { kind: 'direct' }),
    room('개발팀', { kind: 'group' }),
  ];
  const by = (change: Partial<FilterBy>) =>
    uuids(filterRooms(rooms, { filter: 'all', query: '', open: undefined, title: (one) => one.room_uuid, ...change }));

  test('all', () => expect(by({})).toEqual(['기획팀', '홍길동', '개발팀']));
  test('unread', () => expect(by({ filter: 'unread' })).toEqual(['기획팀']));
  test('the open room stays though it is read', () =>
    expect(by({ filter: 'unread', open: '개발팀' })).toEqual(['기획팀', '개발팀']));
  test('groups', () => expect(by({ filter: 'groups' })).toEqual(['기획팀', '개발팀']));
  test('by initial consonants', () => expect(by({ query: 'ㅎㄱㄷ' })).toEqual(['홍길동']));
  test('counts rooms with something unread', () => expect(unreadRooms(rooms)).toBe(1));
});
