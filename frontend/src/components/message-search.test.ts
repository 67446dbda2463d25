import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Message, SearchHit, SearchPage, SearchQuery } from '@/bridge/types';
import { createMessageSearch, noQuery, queryProblem, typingPause } from './message-search';

const hit = (seq: number) => ({ message: { seq }, snippet: [] }) as unknown as SearchHit;
const page = (seqs: number[], next = 0): SearchPage => ({ hits: seqs.map(hit), next, local: false });
const query = (text: string): SearchQuery => ({ ...noQuery, text });

test.each([
  ['nothing', '', 'idle'],
  ['spaces only', '   ', 'idle'],
  ['one letter', ' 회 ', 'short'],
  ['one letter in two code points', '각'.normalize('NFD'), 'short'],
  ['two letters', '회의', undefined],
  ['one emoji is one letter', '😀', 'short'],
  ['as long as may be', 'a'.repeat(200), undefined],
  ['longer', 'a'.repeat(201), 'long'],
  ['ten thousand', 'a'.repeat(10_000), 'long'],
])('a query of %s', (_, text, wanted) => {
  expect(queryProblem(text)).toBe(wanted);
});

describe('a search', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  test('asks once, after a pause in typing', async () => {
    const search = vi.fn<(query: SearchQuery) => Promise<SearchPage>>(async () => page([3]));
    const model = createMessageSearch({ search });
    for (const text of ['회', '회의', '회의 ', '회의실']) model.ask(query(text));
    expect(search).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(typingPause);
    expect(search).toHaveBeenCalledExactlyOnceWith(query('회의실'));
    expect(model.store.getState()).toMatchObject({ status: 'found', hits: [hit(3)] });
  });

  test('messages with files need no text', async () => {
    const search = vi.fn<(query: SearchQuery) => Promise<SearchPage>>(async () => page([3]));
    const model = createMessageSearch({ search });
    model.ask({ ...noQuery, has_file: true });
    await vi.advanceTimersByTimeAsync(typingPause);
    expect(search).toHaveBeenCalledExactlyOnceWith({ ...noQuery, has_file: true });
    model.ask({ ...noQuery, has_file: true, text: '가' });
    expect(model.store.getState().status).toBe('short');
  });

  test('drops an answer that is overtaken', async () => {
    const answers: ((value: SearchPage) => void)[] = [];
    const model = createMessageSearch({ search: () => new Promise((resolve) => answers.push(resolve)) });
    model.ask(query('하나'));
    await vi.advanceTimersByTimeAsync(typingPause);
    model.ask(query('둘둘'));
    await vi.advanceTimersByTimeAsync(typingPause);
    answers[1]?.(page([2]));
    answers[0]?.(page([1]));
    await vi.advanceTimersByTimeAsync(0);
    expect(model.store.getState()).toMatchObject({ status: 'found', hits: [hit(2)] });
  });

  test('keeps what was found in view while it searches on', async () => {
    const model = createMessageSearch({ search: async () => page([1]) });
    model.ask(query('하나'));
    await vi.advanceTimersByTimeAsync(typingPause);
    model.ask(query('하나둘'));
    expect(model.store.getState()).toEqual({ status: 'searching', hits: [hit(1)] });
    model.ask(query('하'));
    expect(model.store.getState()).toEqual({ status: 'short' });
  });

  test('pages once at a time, and says when that fails', async () => {
    const search = vi.fn<(query: SearchQuery) => Promise<SearchPage>>();
    search.mockResolvedValueOnce(page([9, 8], 8));
    search.mockRejectedValueOnce({ code: 'timeout' });
    search.mockResolvedValueOnce(page([7]));
    const model = createMessageSearch({ search });
    model.ask(query('회의'));
    await vi.advanceTimersByTimeAsync(typingPause);
    await Promise.all([model.more(), model.more()]);
    expect(model.store.getState()).toMatchObject({ more: 'failed', hits: [hit(9), hit(8)] });
    await model.more();
    expect(search).toHaveBeenLastCalledWith({ ...query('회의'), before: 8 });
    expect(model.store.getState()).toMatchObject({ more: 'idle', next: 0, hits: [hit(9), hit(8), hit(7)] });
    await model.more();
    expect(search).toHaveBeenCalledTimes(3);
  });

  test('loses what is deleted, and what is in a room that was left', async () => {
    const of = (client_id: string, room_uuid: string) =>
      ({ message: { client_id, room_uuid }, snippet: [] }) as unknown as SearchHit;
    const hits = [of('a', 'x'), of('b', 'x'), of('c', 'y'), of('d', 'x')];
    const model = createMessageSearch({ search: async () => ({ hits, next: 0, local: false }) });
    model.ask(query('회의'));
    await vi.advanceTimersByTimeAsync(typingPause);
    const deleted = { client_id: 'a', deleted_at: 1 } as Message;
    model.follow({ full: false, messages: [{ room_uuid: 'x', changed: [deleted], removed: ['b'], reset: false }] });
    model.follow({ full: false, rooms_removed: ['y'] });
    expect(model.store.getState()).toMatchObject({ hits: [of('d', 'x')] });
  });

  test('says why it failed, and asks again', async () => {
    const search = vi.fn<(query: SearchQuery) => Promise<SearchPage>>();
    search.mockRejectedValueOnce({ code: 'unavailable', reason: '', message: '', request_id: '', retry_ms: 0 });
    search.mockResolvedValueOnce(page([1]));
    const model = createMessageSearch({ search });
    model.ask(query('회의'));
    await vi.advanceTimersByTimeAsync(typingPause);
    expect(model.store.getState()).toMatchObject({ status: 'failed', failure: { code: 'unavailable' } });
    model.again();
    await vi.advanceTimersByTimeAsync(0);
    expect(model.store.getState()).toMatchObject({ status: 'found' });
  });
});
