import { describe, expect, test } from 'vitest';
import type { Transfer } from '@/bridge/types';
import { file, transfer } from '@/features/chat/testdata';
import { fileState, listed, percentOf, timeLeft, transferOf } from './transfer-state';

const byId = (...all: Transfer[]) => new Map(all.map((one) => [one.id, one]));

describe('the state of a file', () => {
  test.each([
    ['sent', file('a.pdf'), undefined, 'there'],
    ['saved here', file('a.pdf', { saved: true }), undefined, 'saved'],
    ['removed by the server', file('a.pdf', { gone: true }), undefined, 'gone'],
    ['on its way', file('a.pdf'), transfer('t'), 'moving'],
    ['looked at', file('a.pdf'), transfer('t', { state: 'checking' }), 'moving'],
    ['refused', file('a.pdf'), transfer('t', { state: 'failed' }), 'failed'],
    ['saved again and canceled', file('a.pdf', { saved: true }), transfer('t', { state: 'canceled' }), 'saved'],
  ] as const)('%s', (_, one, moved, kind) => {
    expect(fileState(one, moved).kind).toBe(kind);
  });

  test('a file finds its upload, and of its downloads the latest', () => {
    const down = (id: string) => transfer(id, { upload: false, file_id: 'id-a.pdf' });
    const all = byId(transfer('up'), down('first'), down('second'));
    expect(transferOf(all, file('a.pdf', { file_id: '', transfer: 'up' }))?.id).toBe('up');
    expect(transferOf(all, file('a.pdf'))?.id).toBe('second');
    expect(transferOf(all, file('b.pdf'))).toBeUndefined();
  });
});

test.each([
  ['begun', { done: 0 }, 0],
  ['nearly done', { done: 999 }, 99],
  ['done', { done: 1_000 }, 100],
  ['more than its size', { done: 2_000 }, 100],
  ['empty', { size: 0, done: 0 }, 100],
])('%s', (_, change, percent) => {
  expect(percentOf(transfer('t', change))).toBe(percent);
});

test.each([
  ['seconds', { speed: 50 }, { unit: 'left_seconds', count: 15 }],
  ['minutes', { speed: 5 }, { unit: 'left_minutes', count: 3 }],
  ['hours', { speed: 0.1 }, { unit: 'left_hours', count: 3 }],
  ['unknown', { speed: 0 }, undefined],
  ['waiting', { state: 'waiting' }, undefined],
  ['all sent', { done: 1_000 }, undefined],
])('%s are left', (_, change, left) => {
  expect(timeLeft(transfer('t', change))).toEqual(left);
});

test('the list begins with what is under way; canceled ones are not in it', () => {
  const states = ['done', 'failed', 'canceled', 'running', 'waiting', 'failed'];
  const all = byId(...states.map((state, i) => transfer(`${i}`, { state })));
  expect(listed(all).map((one) => one.id)).toEqual(['3', '4', '5', '1', '0']);
});
