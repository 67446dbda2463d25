import { beforeEach, expect, test, vi } from 'vitest';
import type { Place } from '@/bridge/types';
import { createPlaceKeeper, rests } from './place';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function keeper() {
  const save = vi.fn<(place: Place) => void>();
  return { save, places: createPlaceKeeper({ seq: 0, offset: 0 }, save) };
}

test('a place is kept once the reader rests', () => {
  const { save, places } = keeper();
  for (let seq = 1; seq <= 20; seq++) {
    places.at({ seq, offset: 3 });
    vi.advanceTimersByTime(rests / 2);
  }
  expect(save).not.toHaveBeenCalled();
  vi.advanceTimersByTime(rests);
  expect(save).toHaveBeenCalledExactlyOnceWith({ seq: 20, offset: 3 });
});

test('leaving keeps what was not kept yet, once', () => {
  const { save, places } = keeper();
  places.at({ seq: 7, offset: 0 });
  places.stop();
  vi.advanceTimersByTime(rests * 2);
  places.stop();
  expect(save).toHaveBeenCalledExactlyOnceWith({ seq: 7, offset: 0 });
});

test('nothing is kept of a place that was kept already', () => {
  const { save, places } = keeper();
  places.at({ seq: 7, offset: 0 });
  places.at({ seq: 0, offset: 0 });
  places.stop();
  expect(save).not.toHaveBeenCalled();
  expect(places.last()).toEqual({ seq: 0, offset: 0 });
});
