/** The state that the parts of the fake bridge share, and what they all do with it. */
import type {
  Department,
  HeldFile,
  Me,
  Message,
  PendingReset,
  Profile,
  Settings,
  State,
  Transfer,
  Update,
} from '@/bridge/types';
import { people, person } from './company';
import type { FakeOptions } from './options';
import { heldNotices, type FakeNotice } from './notices';
import type { FakeRoom } from './rooms';

/** What the parts of the fake share. */
export interface FakeWorld {
  options: FakeOptions;
  now: () => number;
  state: State;
  settings: Settings;
  cacheBytes: number;
  rooms: Map<string, FakeRoom>;
  /** Files that wait in composers, by room. */
  held: Map<string, HeldFile[]>;
  transfers: Map<string, Transfer>;
  people: Map<string, Profile>;
  departments: Map<string, Department>;
  resets: PendingReset[];
  /** The newest first, withdrawn ones too. */
  notices: FakeNotice[];
  /** How many of them I hold. */
  noticesShown: number;
  pending: { id: number; name: string; department: string; at: number }[];
  emit: (update: Partial<Update>) => void;
  /** Does something later, as other people would. */
  later: (ms: number, act: () => void) => void;
}

/** The user, with the role that the page's address asks for. */
export function myself(options: FakeOptions): Me {
  const isAdmin = options.role === 'owner' || options.role === 'admin';
  return { ...person(0), role: options.role, is_admin: isAdmin, presence: 'active' };
}

/** Reports whether a role may decide about reading others' conversations. */
export function isSecond(role: string): boolean {
  return role === 'owner' || role === 'auditor';
}

/** The server's refusal. */
export function refusal(code: string, reason = '') {
  return { code, reason, message: '', request_id: 'fake-0001', retry_ms: 0 };
}

/** A room, or the server's refusal. */
export function findRoom(world: FakeWorld, roomUuid: string): FakeRoom {
  const fake = world.rooms.get(roomUuid);
  if (!fake) throw refusal('not_found');
  return fake;
}

/** Everything, as the core's Snapshot gives it. */
export function snapshot(world: FakeWorld): Update {
  const base = { full: true, state: world.state, settings: world.settings };
  if (world.state.phase !== 'signed_in') return base;
  return {
    ...base,
    rooms: [...world.rooms.values()].map((fake) => fake.room),
    people: world.options.empty ? [person(0)] : [...world.people.values()],
    departments: [...world.departments.values()],
    presence: people.flatMap(({ user_uuid }, index) => {
      const state = ['active', 'active', 'active', 'away', 'active', 'off', 'dnd', 'off'][index % 8] ?? 'off';
      return state === 'off' ? [] : [{ user_uuid, state }];
    }),
    presence_full: true,
    admin: {
      pending_users: world.pending.length,
      pending_resets: world.resets.length,
      failed_hooks: world.options.empty ? 0 : 1,
    },
    access: { pending: isSecond(world.options.role) && !world.options.empty ? 1 : 0, changes: 0 },
    unread_total: unreadTotal(world),
    notices: heldNotices(world),
    held: [...world.held].map(([room_uuid, files]) => ({ room_uuid, files })),
    transfers: [...world.transfers.values()],
  };
}

/** The number for tray and title: unread messages of rooms that aren't muted. */
export function unreadTotal(world: FakeWorld): number {
  return [...world.rooms.values()]
    .filter(({ room }) => room.muted_until <= world.now() && room.notify === 'all')
    .reduce((sum, { room }) => sum + room.unread_count, 0);
}

/** A changed message, with what else changes by it. */
export function emitMessages(world: FakeWorld, fake: FakeRoom, changed: Message[]): void {
  world.emit({
    messages: [{ room_uuid: fake.room.room_uuid, changed, removed: [], reset: false }],
    rooms: [fake.room],
    unread_total: unreadTotal(world),
  });
}
