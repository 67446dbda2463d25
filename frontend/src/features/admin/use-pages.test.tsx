import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { usePages, type Page } from './use-pages';

vi.mock('@/bridge/session-context', () => ({ useMirror: () => true }));

const refused = new Error('{"code":"offline","reason":"","message":"","request_id":"","retry_ms":0}');

/** Pages of one row each, numbered down from `last`; the place of a page is its number. */
const numbered = (last: number) =>
  vi.fn<(from: number) => Promise<Page<number>>>(async (from) => ({
    items: [from === 0 ? last : from],
    next: from === 1 ? 0 : (from || last) - 1,
  }));

async function show(call: (from: number) => Promise<Page<number>>) {
  const hook = renderHook(({ ask }) => usePages(ask), { initialProps: { ask: call } });
  const rows = () => (hook.result.current.state.kind === 'loaded' ? hook.result.current.state.value.items : []);
  const until = (wanted: number[]) => waitFor(() => expect(rows()).toEqual(wanted));
  const more = (wanted: number[]) => {
    act(() => hook.result.current.more());
    return until(wanted);
  };
  return { ...hook, rows, until, more };
}

test('what was loaded stays when it is asked for again', async () => {
  const call = numbered(9);
  const pages = await show(call);
  await pages.until([9]);
  await pages.more([9, 8]);
  await pages.more([9, 8, 7]);
  call.mockClear();
  act(() => pages.result.current.reload());
  await waitFor(() => expect(call).toHaveBeenCalledTimes(3));
  await pages.until([9, 8, 7]);
  await pages.more([9, 8, 7, 6]);
});

test('however far one came, so many pages are asked for again at most', async () => {
  const call = numbered(30);
  const pages = await show(call);
  await pages.until([30]);
  for (let last = 29; last > 15; last--) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    await pages.more(Array.from({ length: 31 - last }, (_, index) => 30 - index));
  }
  call.mockClear();
  act(() => pages.result.current.reload());
  await waitFor(() => expect(pages.rows()).toHaveLength(10));
  expect(call).toHaveBeenCalledTimes(10);
});

test('another question begins with its first page', async () => {
  const pages = await show(numbered(9));
  await pages.until([9]);
  await pages.more([9, 8]);
  pages.rerender({ ask: numbered(5) });
  await pages.until([5]);
  expect(pages.rows()).toEqual([5]);
});

test('when a page does not come again, those before it stand there with the reason', async () => {
  const call = numbered(9);
  const pages = await show(call);
  await pages.until([9]);
  await pages.more([9, 8]);
  call.mockImplementation(async (from) => {
    if (from !== 0) throw refused;
    return { items: [9], next: 8 };
  });
  act(() => pages.result.current.reload());
  await pages.until([9]);
  expect(pages.result.current.state).toMatchObject({
    kind: 'loaded',
    value: { next: 8, failure: { code: 'offline' } },
  });
});
