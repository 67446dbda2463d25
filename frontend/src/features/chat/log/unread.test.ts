import { describe, expect, test } from 'vitest';
import { random } from '@/bridge/fake/talk';
import type { MemberRead, Message, Reads } from '@/bridge/types';
import { message } from '@/features/chat/testdata';
import { readersOf, unreadCounter } from './unread';

function reads(members: MemberRead[], histogram: number[][] = []): Reads {
  return { room_uuid: 'room', members, histogram, known: true };
}

/** The definition of protocol.md, by brute force. */
function byDefinition(members: readonly MemberRead[], sent: readonly Message[], seq: number): number {
  return members.filter((member) => {
    const own = sent.filter((one) => one.sender_uuid === member.user_uuid).map((one) => one.seq);
    const cursor = Math.max(member.last_read_seq, ...own);
    return member.joined_seq < seq && cursor < seq;
  }).length;
}

test('agrees with the definition in 200 random rooms', () => {
  const roll = random(11);
  const upTo = (n: number) => Math.floor(roll() * n);
  for (let round = 0; round < 200; round++) {
    const names = Array.from({ length: 1 + upTo(12) }, (_, i) => `user${i}`);
    const last = 1 + upTo(30);
    const messages = Array.from({ length: last }, (_, i) =>
      message(i + 1, { sender_uuid: names[upTo(names.length)] ?? '' }),
    );
    const members = names.map((user_uuid) => {
      const joined_seq = upTo(last);
      return { user_uuid, joined_seq, last_read_seq: joined_seq + upTo(last - joined_seq + 1) };
    });
    const count = unreadCounter(reads(members), messages);
    for (let seq = 1; seq <= last; seq++) expect(count(seq)).toBe(byDefinition(members, messages, seq));
  }
});

describe('the histogram of a large room', () => {
  const count = unreadCounter(
    reads(
      [],
      [
        [7, 100],
        [3, 20],
        [10, 5],
      ],
    ),
    [],
  );
  test.each([
    [1, 0],
    [3, 0],
    [4, 20],
    [7, 20],
    [8, 120],
    [10, 120],
    [11, 125],
  ])('seq %d is not read by %d', (seq, wanted) => {
    expect(count(seq)).toBe(wanted);
  });
});

test('nothing is said before the server was asked, nor of what is not sent', () => {
  const member = { user_uuid: 'kim', joined_seq: 0, last_read_seq: 0 };
  expect(unreadCounter({ ...reads([member]), known: false }, [])(5)).toBe(0);
  expect(unreadCounter(reads([member]), [])(0)).toBe(0);
});

test('readers are the members who were there, without the sender', () => {
  const members = [
    { user_uuid: 'me', joined_seq: 0, last_read_seq: 5 },
    { user_uuid: 'kim', joined_seq: 0, last_read_seq: 5 },
    { user_uuid: 'lee', joined_seq: 0, last_read_seq: 4 },
    { user_uuid: 'new', joined_seq: 5, last_read_seq: 5 },
  ];
  expect(readersOf(reads(members), [], message(5, { sender_uuid: 'me' }))).toEqual({ read: ['kim'], unread: ['lee'] });
  expect(readersOf(reads([], [[1, 200]]), [], message(5))).toBeUndefined();
});
