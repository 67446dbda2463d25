import { describe, expect, test } from 'vitest';
import type { Message } from '@/bridge/types';
import { message, unsent } from '@/features/chat/testdata';
import { logRows } from './log-rows';

const day = 24 * 60 * 60_000;
const rowsOf = (messages: Message[], from = { hasMore: false, readUpTo: 0 }) => logRows({ messages, ...from });

describe('days', () => {
  test('each day opens once', () => {
    const start = message(1).at;
    const rows = rowsOf([message(1), message(2), message(3, { at: start + day }), message(4, { at: start + day })]);
    expect(rows.map((row) => row.opensDay)).toEqual([true, false, true, false]);
  });

  test('the first row opens no day while older ones exist', () => {
    expect(rowsOf([message(1)], { hasMore: true, readUpTo: 0 })[0]?.opensDay).toBe(false);
  });
});

describe('runs', () => {
  test('name and picture stand at the first of a run', () => {
    const rows = rowsOf([message(1), message(2), message(3, { sender_uuid: 'lee' }), message(4)]);
    expect(rows.map((row) => row.head)).toEqual([true, false, true, true]);
  });

  test('a pause begins a new run', () => {
    const rows = rowsOf([message(1), message(2, { at: message(1).at + 11 * 60_000 })]);
    expect(rows.map((row) => row.head)).toEqual([true, true]);
  });

  test('the time stands at the last of a minute', () => {
    const at = message(1).at;
    const rows = rowsOf([message(1), message(2, { at }), message(3, { at: at + 60_000 })]);
    expect(rows.map((row) => row.tail)).toEqual([false, true, true]);
  });

  test('the last sent one has its time though an unsent one follows', () => {
    const sent = message(1, { mine: true, sender_uuid: 'me' });
    expect(rowsOf([sent, unsent(1, { at: sent.at })])[0]?.tail).toBe(true);
  });

  test('a system line belongs to no run', () => {
    const rows = rowsOf([message(1), message(2, { kind: 'system' }), message(3)]);
    expect(rows.map((row) => row.head)).toEqual([true, false, true]);
  });
});

describe('the mark of what was read', () => {
  test('stands before the first unread one of somebody else', () => {
    const mine = message(3, { mine: true, sender_uuid: 'me' });
    const rows = rowsOf([message(1), message(2), mine, message(4), message(5)], { hasMore: false, readUpTo: 2 });
    expect(rows.map((row) => row.opensUnread)).toEqual([false, false, false, true, false]);
  });

  test('stands nowhere when all was read', () => {
    expect(rowsOf([message(1)]).some((row) => row.opensUnread)).toBe(false);
  });
});

test('a row keeps its key when its message is sent, and when older ones come before it', () => {
  const before = rowsOf([message(5), unsent(1)]).map((row) => row.key);
  const after = rowsOf([message(4), message(5), message(6, { client_id: 'u1' })]).map((row) => row.key);
  expect(after.slice(1)).toEqual(before);
});
