/** What the page knows of integrations; no bridge, no view. */
import type { Integration, NewIntegration, Room } from '@/bridge/types';

export const kinds = ['incoming', 'outgoing', 'token'] as const;
export type Kind = (typeof kinds)[number];

export const scopes = ['people:read', 'messages:read', 'messages:write'] as const;
export type Scope = (typeof scopes)[number];

/** The names of their texts: a colon would part a namespace from a key. */
export const scopeKeys = {
  'people:read': 'people_read',
  'messages:read': 'messages_read',
  'messages:write': 'messages_write',
} as const satisfies Record<Scope, string>;

/** Icons that are offered; any emoji of the set would do. */
export const icons = ['🤖', '🔔', '✅', '🚀', '🛠️', '📦', '📊', '🗓️', '💳', '🔒', '🌡️', '📣'] as const;

/** For how many days a token can be good. */
export const lives = [30, 90, 365, 730] as const;

/** What one chose so far. */
export interface IntegrationDraft {
  kind: Kind;
  name: string;
  icon: string;
  rooms: readonly string[];
  scopes: readonly Scope[];
  url: string;
  days: number;
}

export const emptyDraft: IntegrationDraft = {
  kind: 'incoming',
  name: '',
  icon: icons[0],
  rooms: [],
  scopes: ['messages:write'],
  url: '',
  days: 90,
};

/** Reports whether the kind of a draft, with its scopes, is let into conversations. */
export function needsRooms({ kind, scopes: chosen }: IntegrationDraft): boolean {
  return kind !== 'token' || chosen.some((scope) => scope !== 'people:read');
}

/** What is missing in a draft. */
export function missingOf(draft: IntegrationDraft): { name: boolean; rooms: boolean; scopes: boolean; url: boolean } {
  return {
    name: draft.name.trim() === '',
    rooms: needsRooms(draft) && draft.rooms.length === 0,
    scopes: draft.kind === 'token' && draft.scopes.length === 0,
    url: draft.kind === 'outgoing' && !/^https?:\/\/./i.test(draft.url.trim()),
  };
}

/** The request for a draft: only what its kind has. */
export function requestOf(draft: IntegrationDraft): NewIntegration {
  return {
    kind: draft.kind,
    name: draft.name.trim(),
    icon: draft.icon,
    ...(needsRooms(draft) ? { room_uuids: [...draft.rooms] } : {}),
    ...(draft.kind === 'outgoing' ? { url: draft.url.trim() } : {}),
    ...(draft.kind === 'token' ? { scopes: [...draft.scopes], expires_days: draft.days } : {}),
  };
}

/** The conversations that can be chosen: groups that the reader is in. */
export function choosable(rooms: Iterable<Room>): Room[] {
  return [...rooms].filter(({ kind }) => kind === 'group');
}

/** How one stands, for its mark. A hook that was tried in vain is on, but troubled. */
export type Standing = 'active' | 'troubled' | 'disabled' | 'failed' | 'expired';

export function standingOf({ state, failures }: Pick<Integration, 'state' | 'failures'>): Standing {
  switch (state) {
    case 'disabled':
    case 'failed':
    case 'expired':
      return state;
    default:
      return failures > 0 ? 'troubled' : 'active';
  }
}
