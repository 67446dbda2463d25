import { createStore, type StoreApi } from 'zustand/vanilla';

/** The places of the rail. */
export type Tab = 'people' | 'chats' | 'notices' | 'search' | 'admin' | 'settings';

/** What the main window shows. The core knows nothing of it, but for the room (InView). */
export interface Nav {
  tab: Tab;
  /** The open conversation; it stays open behind the other tabs. */
  room: string | undefined;
  /** A message to show in it, after a click on a notification. `at` makes each request a new one. */
  target: { seq: number; at: number } | undefined;
  /** Whether words are looked for in the open conversation. */
  finding: boolean;
  /** A message that was found is open: in a narrow window it stands in place of the search. */
  hitOpen: boolean;
  /** The chosen person of the people list. */
  person: string | undefined;
  /** The chosen notice. */
  notice: string | undefined;
  /** The chosen section of the administration, and what it is to show of its things, if one came for that. */
  admin: { section: string; subject: string | undefined } | undefined;
  /** Whose profile card is open above everything. */
  profile: string | undefined;
  /** Whether the details of rooms stand beside them. */
  details: boolean;
  /** What is open above everything. */
  above: Above | undefined;
}

/** The windows that the main window opens above everything; one at a time. */
export type Above = 'new_chat' | 'switcher' | 'shortcuts';

export interface NavStore {
  store: StoreApi<Nav>;
  showTab: (tab: Tab) => void;
  openRoom: (room: string | undefined, seq?: number) => void;
  /** Shows a message that was found, beside the search. */
  openHit: (room: string, seq: number) => void;
  /** Goes to the search, which is as it was left, with the focus in its field. */
  openSearch: () => void;
  /** Looks for words in the open conversation, if there is one in view. */
  openRoomSearch: () => void;
  showFinding: (shown: boolean) => void;
  closeHit: () => void;
  choosePerson: (person: string | undefined) => void;
  /** Goes to the notices, to one of them if it is named. */
  showNotice: (notice: string | undefined) => void;
  /** Goes to a section of the administration; without one to their list. */
  showAdmin: (section: string | undefined, subject?: string) => void;
  showProfile: (person: string | undefined) => void;
  showDetails: (details: boolean) => void;
  showAbove: (above: Above | undefined) => void;
}

/** Gives a field the focus and marks what stands in it. One that appears only now takes the focus itself. */
function focusField(testId: string) {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLInputElement>(`[data-testid="${testId}"]`);
    field?.focus();
    field?.select();
  });
}

/** Makes the navigation of a main window. `now` is the clock. */
export function createNav(now: () => number): NavStore {
  const store = createStore<Nav>(() => ({
    tab: 'chats',
    room: undefined,
    target: undefined,
    finding: false,
    hitOpen: false,
    person: undefined,
    notice: undefined,
    admin: undefined,
    profile: undefined,
    details: false,
    above: undefined,
  }));
  const set = (change: Partial<Nav>) => store.setState(change);
  const targetOf = (seq: number) => (seq > 0 ? { seq, at: now() } : undefined);
  /** Another room is another search. */
  const finding = (room: string | undefined) => room === store.getState().room && store.getState().finding;
  return {
    store,
    // A message that was to be shown has been: the room opens where one left it.
    showTab: (tab) => set({ tab, target: undefined, hitOpen: false }),
    openRoom: (room, seq = 0) =>
      set({
        room,
        target: targetOf(seq),
        finding: finding(room),
        tab: 'chats',
        above: undefined,
        profile: undefined,
      }),
    openHit: (room, seq) =>
      set({ room, target: targetOf(seq), finding: finding(room), hitOpen: true, profile: undefined }),
    openSearch: () => {
      set({ tab: 'search', hitOpen: false });
      focusField('search-input');
    },
    openRoomSearch: () => {
      const { tab, room } = store.getState();
      if (room === undefined || (tab !== 'chats' && tab !== 'search')) return;
      set({ finding: true });
      focusField('room-search-input');
    },
    showFinding: (shown) => set({ finding: shown }),
    closeHit: () => set({ hitOpen: false }),
    choosePerson: (person) => set({ person }),
    showNotice: (notice) => set({ notice, tab: 'notices', above: undefined, profile: undefined }),
    showAdmin: (section, subject) =>
      set({ tab: 'admin', admin: section === undefined ? undefined : { section, subject } }),
    showProfile: (profile) => set({ profile }),
    showDetails: (details) => set({ details }),
    showAbove: (above) => set({ above }),
  };
}
