import { render, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { expect, test, vi } from 'vitest';
import { deferred, loadAhead } from './deferred';

function Greeting({ name }: { name: string }) {
  return <p>안녕 {name}</p>;
}

function show(loadedAhead: ReturnType<typeof deferred<{ name: string }>>) {
  const Shown = loadedAhead;
  render(
    <Suspense fallback={<p>waiting</p>}>
      <Shown name="하나" />
    </Suspense>,
  );
}

test('what was loaded ahead shows at once', async () => {
  const one = deferred(async () => Promise.resolve(Greeting));
  await one.ahead();
  show(one);
  expect(screen.queryByText('waiting')).toBeNull();
  expect(screen.getByText('안녕 하나')).toBeTruthy();
});

test('what was not shows a fallback first', async () => {
  show(deferred(async () => Promise.resolve(Greeting)));
  expect(screen.getByText('waiting')).toBeTruthy();
  expect(await screen.findByText('안녕 하나')).toBeTruthy();
});

test('the first part is loaded alone, the others at once, and none when it was stopped', async () => {
  vi.useFakeTimers();
  try {
    const asked: string[] = [];
    let come = () => {};
    const first = { ahead: () => new Promise<void>((resolve) => (come = resolve)) };
    const rest = ['people', 'search'].map((name) => ({ ahead: async () => void asked.push(name) }));
    const stop = loadAhead([first, ...rest]);
    await vi.runAllTimersAsync();
    expect(asked).toEqual([]);
    come();
    await vi.runAllTimersAsync();
    expect(asked).toEqual(['people', 'search']);
    const stopSecond = loadAhead([first, ...rest]);
    await vi.runAllTimersAsync();
    stopSecond();
    come();
    await vi.runAllTimersAsync();
    expect(asked).toHaveLength(2);
    stop();
  } finally {
    vi.useRealTimers();
  }
});
