import { describe, expect, test } from 'vitest';
import type { Room } from '@/bridge/types';
import { room } from '@/features/chat/testdata';
import { filterRooms, sortRooms, unreadRooms, type FilterBy } from './room-list';

const uuids = (rooms: readonly Room[]) => rooms.map((one) => one.room_uuid);

test('pinned rooms come first', () => {
  const rooms = [
    room('a', { last_at: 5, pinned: true }),
    room('b', { last_at: 9 }),
    room('c', { last_at: 7, pinned: true }),
  ];
  expect(uuids(sortRooms(rooms))).toEqual(['c', 'a', 'b']);
});

test('rooms stand by their last message; equal ones keep one order', () => {
  const rooms = [room('a', { last_at: 5 }), room('c', { last_at: 9 }), room('b', { last_at: 9 })];
  expect(uuids(sortRooms(rooms))).toEqual(['b', 'c', 'a']);
  expect(uuids(sortRooms(rooms.toReversed()))).toEqual(['b', 'c', 'a']);
});

describe('filters', () => {
  const rooms = [
    room('기획팀', { unread_count: 2 }),
    room('홍길동', { kind: 'direct', other_uuid: 'hong', favourite: true }),
    room('김영희', { kind: 'direct', other_uuid: 'kim' }),
    room('이민수', { kind: 'direct', other_uuid: 'lee' }),
    room('개발팀', { kind: 'group' }),
  ];
  const presence = new Map([
    ['kim', 'away'],
    ['lee', 'active'],
  ]);
  const by = (change: Partial<FilterBy>) =>
    uuids(
      filterRooms(rooms, {
        filter: 'all',
        query: '',
        open: undefined,
        presence,
        title: (one) => one.room_uuid,
        ...change,
      }),
    );

  test('all', () => expect(by({})).toEqual(['기획팀', '홍길동', '김영희', '이민수', '개발팀']));
  test('unread', () => expect(by({ filter: 'unread' })).toEqual(['기획팀']));
  test('the open room stays though it is read', () =>
    expect(by({ filter: 'unread', open: '개발팀' })).toEqual(['기획팀', '개발팀']));
  test('groups', () => expect(by({ filter: 'groups' })).toEqual(['기획팀', '개발팀']));
  test('conversations of two by who is there', () =>
    expect(by({ filter: 'direct' })).toEqual(['이민수', '김영희', '홍길동']));
  test('favourites', () => expect(by({ filter: 'favourites' })).toEqual(['홍길동']));
  test('by initial consonants', () => expect(by({ query: 'ㅎㄱㄷ' })).toEqual(['홍길동']));
  test('counts rooms with something unread', () => expect(unreadRooms(rooms)).toBe(1));
});
