import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { collects, createSeenReporter } from './seen';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(readUpTo = 0) {
  const seen: number[] = [];
  const reporter = createSeenReporter(readUpTo, (seq) => seen.push(seq));
  return { seen, reporter };
}

test('nothing is read while nobody looks', () => {
  const { seen, reporter } = setUp();
  reporter.inView(5);
  vi.advanceTimersByTime(10_000);
  expect(seen).toEqual([]);
});

test('what is in view counts when somebody looks again', () => {
  const { seen, reporter } = setUp();
  reporter.inView(5);
  reporter.looking(true);
  vi.advanceTimersByTime(collects);
  expect(seen).toEqual([5]);
});

test('what has left the view before somebody looked does not count', () => {
  const { seen, reporter } = setUp();
  reporter.inView(9);
  reporter.inView(5);
  reporter.looking(true);
  vi.advanceTimersByTime(collects);
  expect(seen).toEqual([5]);
});

test('a scroll through a page is one call, and the number only grows', () => {
  const { seen, reporter } = setUp(3);
  reporter.looking(true);
  for (const seq of [2, 3, 4, 8, 6]) reporter.inView(seq);
  vi.advanceTimersByTime(collects);
  reporter.inView(7);
  reporter.inView(8);
  vi.advanceTimersByTime(10_000);
  expect(seen).toEqual([8]);
});

test('what was seen right before the room is closed is said', () => {
  const { seen, reporter } = setUp();
  reporter.looking(true);
  reporter.inView(4);
  reporter.stop();
  vi.advanceTimersByTime(10_000);
  expect(seen).toEqual([4]);
});
