import { expect, test } from 'vitest';
import type { Notice } from '@/bridge/types';
import { standingOf, waits } from './notice-rules';

const plain: Notice = {
  notice_uuid: 'n',
  author_uuid: 'a',
  title: '',
  text: '',
  confirm: false,
  due_at: 0,
  created_at: 1,
  edited_at: 0,
  reminded_at: 0,
  asked: true,
  read: false,
  confirmed_at: 0,
};

test.each<[string, Partial<Notice>, string, boolean]>([
  ['a new one', {}, 'unread', true],
  ['a read one', { read: true }, 'read', false],
  ['one that may be read and asks nobody', { asked: false, confirm: true }, 'read', false],
  ['one to confirm, although it was read', { confirm: true, read: true }, 'to_confirm', true],
  ['one to confirm in time', { confirm: true, due_at: 101 }, 'to_confirm', true],
  ['one whose time is over', { confirm: true, due_at: 99 }, 'overdue', true],
  ['a confirmed one whose time is over', { confirm: true, due_at: 99, confirmed_at: 5 }, 'confirmed', false],
])('%s', (_, change, standing, waiting) => {
  const found = standingOf({ ...plain, ...change }, 100);
  expect([found, waits(found)]).toEqual([standing, waiting]);
});
