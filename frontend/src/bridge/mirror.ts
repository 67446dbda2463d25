/** The page's copy of what the core holds, and how updates change it. Pure; session.ts keeps one and feeds it. */
import type {
  AdminCounts,
  Department,
  Diagnosis,
  HeldFile,
  Notices,
  Profile,
  Room,
  Settings,
  State,
  Target,
  Transfer,
  Update,
} from './types';

/** How long a typing mark holds, in milliseconds. */
export const typingHolds = 5_000;

/** What the core holds, as far as the page knows. */
export interface Mirror {
  state: State;
  settings: Settings;
  rooms: ReadonlyMap<string, Room>;
  people: ReadonlyMap<string, Profile>;
  departments: ReadonlyMap<string, Department>;
  /** active, away or dnd by user_uuid; who is not in it is off. */
  presence: ReadonlyMap<string, string>;
  /** When each typing mark ends: room_uuid → user_uuid → milliseconds. */
  typing: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The files that wait in composers, by room_uuid. */
  held: ReadonlyMap<string, readonly HeldFile[]>;
  /** Uploads and downloads by id, in the order in which they began. */
  transfers: ReadonlyMap<string, Transfer>;
  admin: AdminCounts;
  notices: Notices;
  unreadTotal: number;
  /** The last look at everything between the app and its work. */
  diagnosis: Diagnosis | undefined;
  /** What the core asks to be shown; whoever shows it takes it away. */
  open: Target | undefined;
}

/** What the page holds before the core has answered. */
export const emptyMirror: Mirror = {
  state: {
    phase: 'starting',
    link: 'connecting',
    retry_at: 0,
    server_address: '',
    server_name: '',
    server_preset: false,
    keyring_ok: true,
    keyring_waits: false,
    sign_in: { directory: false, browser: false },
    browser: false,
    unlock_browser: false,
    idle_lock_most: 0,
    locked: false,
    server_reset: false,
    store_reset: false,
    hotkey: '',
    managed: [],
    app: { state: 'unknown', version: '', percent: 0, problem: '', looked_at: 0, required: false, mine: true },
  },
  settings: {
    language: '',
    theme: 'system',
    send_key: 'enter',
    notifications: true,
    preview_content: true,
    close_to_tray: true,
    autostart: false,
    idle_lock_minutes: 0,
    hotkey: '',
    away_minutes: 10,
    zoom: 100,
    mentions_always: true,
    cache_mb: 250,
    keywords: [],
    quiet_hours: { on: false, from: '22:00', to: '08:00', days: [0, 1, 2, 3, 4, 5, 6] },
    snooze_until: 0,
    sound: true,
    flash: true,
    recent_emoji: [],
    skin_tone: 0,
    proxy: { mode: 'system', address: '' },
  },
  rooms: new Map(),
  people: new Map(),
  departments: new Map(),
  presence: new Map(),
  typing: new Map(),
  held: new Map(),
  transfers: new Map(),
  admin: { pending_users: 0, pending_resets: 0, failed_hooks: 0, pending_access: 0, access_changes: 0 },
  notices: { notices: [], more: false, unread: 0, unsettled: 0, waiting: 0 },
  unreadTotal: 0,
  diagnosis: undefined,
  open: undefined,
};

function withAll<T>(held: ReadonlyMap<string, T>, changed: readonly T[] | undefined, key: (value: T) => string) {
  if (!changed || changed.length === 0) return held;
  const next = new Map(held);
  for (const value of changed) next.set(key(value), value);
  return next;
}

function without<T>(held: ReadonlyMap<string, T>, removed: readonly string[] | undefined) {
  if (!removed?.some((key) => held.has(key))) return held;
  const next = new Map(held);
  for (const key of removed) next.delete(key);
  return next;
}

function withPresence(held: ReadonlyMap<string, string>, update: Update) {
  if (!update.presence && !update.presence_full) return held;
  const next = new Map(update.presence_full ? [] : held);
  for (const { user_uuid, state } of update.presence ?? []) {
    if (state === 'off') next.delete(user_uuid);
    else next.set(user_uuid, state);
  }
  return next;
}

function withHeld(held: Mirror['held'], update: Update): Mirror['held'] {
  if (!update.held || update.held.length === 0) return held;
  const next = new Map(held);
  for (const { room_uuid, files } of update.held) {
    if (files.length > 0) next.set(room_uuid, files);
    else next.delete(room_uuid);
  }
  return next;
}

function withCounts(held: AdminCounts, { admin, access }: Update): AdminCounts {
  if (!admin && !access) return held;
  return {
    ...held,
    ...admin,
    ...(access ? { pending_access: access.pending, access_changes: access.changes } : {}),
  };
}

/** Who typed sends: a message of theirs, or five seconds, end the mark. */
function withTyping(held: Mirror['typing'], update: Update, now: number): Mirror['typing'] {
  if (!update.typing && !update.messages) return held;
  const next = new Map(held);
  for (const { room_uuid, user_uuid } of update.typing ?? []) {
    next.set(room_uuid, new Map(next.get(room_uuid)).set(user_uuid, now + typingHolds));
  }
  for (const { room_uuid, changed } of update.messages ?? []) {
    const typists = next.get(room_uuid);
    const senders = (changed ?? []).map((message) => message.sender_uuid);
    if (typists) next.set(room_uuid, without(typists, senders));
  }
  return next;
}

/** Returns the mirror after an update. A full one replaces everything; the others name only what changed. */
export function applyUpdate(held: Mirror, update: Update, now: number): Mirror {
  const state = update.state ?? held.state;
  // Nothing of one account may be seen by the next, whatever else the update says.
  const fresh = update.full || (held.state.phase === 'signed_in' && state.phase !== 'signed_in');
  const base = fresh ? { ...emptyMirror, settings: held.settings } : held;
  return {
    state,
    settings: update.settings ?? base.settings,
    rooms: without(
      withAll(base.rooms, update.rooms, (room) => room.room_uuid),
      update.rooms_removed,
    ),
    people: withAll(base.people, update.people, (person) => person.user_uuid),
    departments: withAll(base.departments, update.departments, (department) => department.department_uuid),
    presence: withPresence(base.presence, update),
    typing: withTyping(base.typing, update, now),
    held: withHeld(base.held, update),
    transfers: withAll(base.transfers, update.transfers, (transfer) => transfer.id),
    admin: withCounts(base.admin, update),
    notices: update.notices ?? base.notices,
    unreadTotal: update.unread_total ?? base.unreadTotal,
    diagnosis: update.diagnosis ?? base.diagnosis,
    open: update.open ?? base.open,
  };
}

/** Returns the mirror without typing marks that have ended, and when the next one ends (0: there is none). */
export function pruneTyping(held: Mirror, now: number): { mirror: Mirror; next: number } {
  let next = 0;
  const typing = new Map<string, ReadonlyMap<string, number>>();
  for (const [room, typists] of held.typing) {
    const live = [...typists].filter(([, until]) => until > now);
    if (live.length > 0) typing.set(room, new Map(live));
    for (const [, until] of live) next = next === 0 ? until : Math.min(next, until);
  }
  return { mirror: { ...held, typing }, next };
}

const nobody: Mirror['presence'] = new Map();

/** Who is there, as far as one can know: without the network nobody knows. */
export function presenceOf(held: Mirror): Mirror['presence'] {
  return held.state.link === 'offline' ? nobody : held.presence;
}
