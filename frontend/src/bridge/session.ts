import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from './bridge';
import { asFailure } from './failure';
import { applyUpdate, emptyMirror, pruneTyping, type Mirror } from './mirror';
import type { Failure, Update } from './types';

/** The bridge with the mirror that it keeps up to date. There is one for the life of the page. */
export interface Session {
  bridge: Bridge;
  mirror: StoreApi<Mirror>;
  /** Calls the listener with each update after the mirror has taken it. For what the mirror doesn't hold: messages. */
  onUpdate: (listener: (update: Update) => void) => () => void;
  /** Fetches everything and follows what changes. Repeat it after a failure. */
  start: () => Promise<Failure | undefined>;
}

/** Makes a session; nothing happens before start. `now` is the clock, in milliseconds. */
export function createSession(bridge: Bridge, now: () => number): Session {
  const mirror = createStore<Mirror>(() => emptyMirror);
  const listeners = new Set<(update: Update) => void>();
  let waiting: Update[] | undefined = []; // updates that came before the snapshot
  let following = false;
  let pruneTimer: ReturnType<typeof setTimeout> | undefined;

  function prune() {
    const pruned = pruneTyping(mirror.getState(), now());
    mirror.setState(pruned.mirror, true);
    pruneTimer = pruned.next === 0 ? undefined : setTimeout(prune, pruned.next - now());
  }

  function take(update: Update) {
    mirror.setState(applyUpdate(mirror.getState(), update, now()), true);
    if (update.typing && pruneTimer === undefined) prune();
    for (const listener of listeners) listener(update);
  }

  return {
    bridge,
    mirror,
    onUpdate: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: async () => {
      if (!following) bridge.onUpdate((update) => (waiting ? waiting.push(update) : take(update)));
      following = true;
      try {
        take(await bridge.snapshot());
      } catch (error) {
        return asFailure(error);
      }
      // Those from before the snapshot repeat what it says; the last of them is the newest in any case.
      for (const update of waiting ?? []) take(update);
      waiting = undefined;
      return undefined;
    },
  };
}
