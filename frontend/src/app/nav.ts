import { createStore, type StoreApi } from 'zustand/vanilla';

/** The places of the rail. */
export type Tab = 'people' | 'chats' | 'admin' | 'settings';

/** What the main window shows. The core knows nothing of it, but for the room (InView). */
export interface Nav {
  tab: Tab;
  /** The open conversation; it stays open behind the other tabs. */
  room: string | undefined;
  /** A message to show in it, after a click on a notification. `at` makes each request a new one. */
  target: { seq: number; at: number } | undefined;
  /** The chosen person of the people list. */
  person: string | undefined;
  /** Whose profile card is open above everything. */
  profile: string | undefined;
  /** What is open above everything. */
  above: Above | undefined;
}

/** The windows that the main window opens above everything; one at a time. */
export type Above = 'new_chat' | 'switcher' | 'shortcuts';

export interface NavStore {
  store: StoreApi<Nav>;
  showTab: (tab: Tab) => void;
  openRoom: (room: string | undefined, seq?: number) => void;
  choosePerson: (person: string | undefined) => void;
  showProfile: (person: string | undefined) => void;
  showAbove: (above: Above | undefined) => void;
}

/** Makes the navigation of a main window. `now` is the clock. */
export function createNav(now: () => number): NavStore {
  const store = createStore<Nav>(() => ({
    tab: 'chats',
    room: undefined,
    target: undefined,
    person: undefined,
    profile: undefined,
    above: undefined,
  }));
  const set = (change: Partial<Nav>) => store.setState(change);
  return {
    store,
    showTab: (tab) => set({ tab }),
    openRoom: (room, seq = 0) =>
      set({
        room,
        target: seq > 0 ? { seq, at: now() } : undefined,
        tab: 'chats',
        above: undefined,
        profile: undefined,
      }),
    choosePerson: (person) => set({ person }),
    showProfile: (profile) => set({ profile }),
    showAbove: (above) => set({ above }),
  };
}
