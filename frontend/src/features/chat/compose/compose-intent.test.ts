import { expect, test } from 'vitest';
import { message } from '@/features/chat/testdata';
import { clearIntent, composeIntent, editMessage, replyTo } from './compose-intent';

test('a room answers or edits, never both', () => {
  const one = message(1);
  replyTo(one);
  expect(composeIntent('room')).toEqual({ reply: one });
  editMessage(one);
  expect(composeIntent('room')).toEqual({ edit: one });
  clearIntent('room');
  expect(composeIntent('room')).toEqual({});
});

test('rooms don’t disturb each other', () => {
  replyTo(message(1));
  replyTo(message(2, { room_uuid: 'other' }));
  clearIntent('room');
  expect(composeIntent('other').reply?.seq).toBe(2);
  clearIntent('other');
});
