import { act } from '@testing-library/react';
import { useEffect } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { room } from '@/features/chat/testdata';
import { renderPage } from '@/test-page';
import { moment } from '@/components/window-focus';
import { collects } from './seen';
import { useSeen } from './use-seen';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setLooking(focused: boolean, visible: boolean) {
  vi.spyOn(document, 'hasFocus').mockReturnValue(focused);
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visible ? 'visible' : 'hidden');
  act(() => {
    window.dispatchEvent(new Event(focused ? 'focus' : 'blur'));
    document.dispatchEvent(new Event('visibilitychange'));
  });
}

function wait() {
  act(() => {
    vi.advanceTimersByTime(collects);
  });
}

/** A component that only holds what the hook gives. */
function probe() {
  const held: { inView: (seq: number) => void } = { inView: () => undefined };
  function Probe() {
    const inView = useSeen(room('room', { last_read_seq: 3 }));
    useEffect(() => {
      held.inView = inView;
    });
    return null;
  }
  return { Probe, held };
}

async function setUp() {
  const seen = vi.fn<Bridge['seen']>(() => Promise.resolve());
  const { Probe, held } = probe();
  await renderPage(() => <Probe />, { seen });
  return { seen, inView: (seq: number) => held.inView(seq) };
}

test('only a window that is focused and visible reads', async () => {
  setLooking(false, true);
  const { seen, inView } = await setUp();
  inView(5);
  wait();
  expect(seen).not.toHaveBeenCalled();
  setLooking(true, false);
  wait();
  expect(seen).not.toHaveBeenCalled();
  setLooking(true, true);
  act(() => {
    vi.advanceTimersByTime(moment - 1);
  });
  setLooking(false, true); // only passed by
  wait();
  expect(seen).not.toHaveBeenCalled();
  setLooking(true, true);
  inView(4); // it goes to what is new, which is further up
  act(() => {
    vi.advanceTimersByTime(moment);
  });
  wait();
  expect(seen).toHaveBeenCalledExactlyOnceWith('room', 4);
});

test('what was read before is not said again', async () => {
  setLooking(true, true);
  const { seen, inView } = await setUp();
  inView(3);
  wait();
  expect(seen).not.toHaveBeenCalled();
  inView(4);
  wait();
  expect(seen).toHaveBeenCalledExactlyOnceWith('room', 4);
});
