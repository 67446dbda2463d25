/** Where the reader is in a room, kept over restarts. */
import type { Place } from '@/bridge/types';

/** How long the reader must rest before his place is kept, in milliseconds. */
export const rests = 500;

/** Collects where the reader is and saves the last of it. */
export interface PlaceKeeper {
  at: (place: Place) => void;
  /** Where he was last. */
  last: () => Place;
  /** Saves what has not been saved: the room is left. */
  stop: () => void;
}

function same(a: Place, b: Place): boolean {
  return a.seq === b.seq && a.offset === b.offset;
}

/** Makes a keeper that starts from what is kept already. */
export function createPlaceKeeper(kept: Place, save: (place: Place) => void): PlaceKeeper {
  let saved = kept;
  let last = kept;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (same(last, saved)) return;
    saved = last;
    save(last);
  }
  return {
    at: (place) => {
      if (same(place, last)) return;
      last = place;
      clearTimeout(timer);
      timer = setTimeout(flush, rests);
    },
    last: () => last,
    stop: flush,
  };
}
