import { beforeEach, expect, test, vi } from 'vitest';
import type { SearchPage, SearchQuery } from '@/bridge/types';
import { noQuery, typingPause } from '@/components/message-search';
import { createSearch, isNarrowed } from './search-model';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

test('the filters go with the text, and the last day counts whole', async () => {
  const search = vi.fn<(query: SearchQuery) => Promise<SearchPage>>(async () => ({ hits: [], next: 0, local: false }));
  const model = createSearch({ search });
  const day = (date: number) => new Date(2026, 10, date).getTime();
  model.change({ text: '회의' });
  model.change({ room: 'r1', sender: 'u1', from: day(2), to: day(3) });
  await vi.advanceTimersByTimeAsync(typingPause);
  expect(search).toHaveBeenCalledExactlyOnceWith({
    ...noQuery,
    text: '회의',
    room_uuid: 'r1',
    sender_uuid: 'u1',
    from: day(2),
    to: day(4),
  });
});

test('another question begins at the top', () => {
  const model = createSearch({ search: async () => ({ hits: [], next: 0, local: false }) });
  model.scrolledTo(300);
  model.change({ text: '회의' });
  expect(model.scrollTop()).toBe(0);
});

test.each([
  ['a text', { text: '회의' }, false],
  ['a room', { room: 'r' }, true],
  ['a sender', { sender: 'u' }, true],
  ['a first day', { from: 1 }, true],
  ['a last day', { to: 1 }, true],
])('%s', (_, part, wanted) => {
  const model = createSearch({ search: async () => ({ hits: [], next: 0, local: false }) });
  model.change(part);
  expect(isNarrowed(model.asked.getState())).toBe(wanted);
});
