/** The lines of the search: people, rooms and messages in groups. Pure. */
import type { Profile, Room, SearchHit } from '@/bridge/types';
import type { Finding } from '@/components/message-search';

/** A line of the results. Those with a key can be chosen. */
export type ResultRow =
  | { kind: 'head'; group: 'people' | 'rooms' | 'messages'; count: number; open: boolean }
  | { kind: 'person'; key: string; person: Profile }
  | { kind: 'room'; key: string; room: Room }
  | { kind: 'all'; key: string; group: 'people' | 'rooms'; count: number }
  | { kind: 'message'; key: string; hit: SearchHit }
  | { kind: 'local' }
  | { kind: 'state' };

/** So many of a group show at first. */
export const fewOf = 4;

export interface ResultsFrom {
  people: readonly Profile[];
  rooms: readonly Room[];
  finding: Finding;
  /** Groups that show whole. */
  whole: ReadonlySet<'people' | 'rooms'>;
}

function group<T>(
  name: 'people' | 'rooms',
  from: readonly T[],
  whole: boolean,
  row: (one: T) => ResultRow,
): ResultRow[] {
  if (from.length === 0) return [];
  const shown = whole || from.length <= fewOf + 1 ? from : from.slice(0, fewOf);
  const rest = from.length - shown.length;
  return [
    { kind: 'head', group: name, count: from.length, open: false },
    ...shown.map(row),
    ...(rest > 0 ? [{ kind: 'all', key: `all-${name}`, group: name, count: rest } as const] : []),
  ];
}

/** The lines, people first, then rooms, then messages with what is to be said of them. */
export function resultRows({ people, rooms, finding, whole }: ResultsFrom): ResultRow[] {
  const rows = [
    ...group('people', people, whole.has('people'), (person) => ({
      kind: 'person',
      key: `person-${person.user_uuid}`,
      person,
    })),
    ...group('rooms', rooms, whole.has('rooms'), (room) => ({ kind: 'room', key: `room-${room.room_uuid}`, room })),
  ];
  const hits = finding.status === 'found' || finding.status === 'searching' ? finding.hits : [];
  if (finding.status !== 'idle') {
    const open = finding.status === 'found' && finding.next > 0;
    rows.push({ kind: 'head', group: 'messages', count: hits.length, open });
    if (finding.status === 'found' && finding.local) rows.push({ kind: 'local' });
  }
  rows.push(
    ...hits.map((hit): ResultRow => ({
      kind: 'message',
      key: `message-${hit.message.client_id || hit.message.message_id}`,
      hit,
    })),
  );
  if (finding.status !== 'idle') rows.push({ kind: 'state' });
  return rows;
}

/** The places of the lines that can be chosen. */
export function choosable(rows: readonly ResultRow[]): number[] {
  return rows.flatMap((row, at) => ('key' in row ? [at] : []));
}

/** The place after a step among those that can be chosen; from nowhere to the first or the last. */
export function stepFrom(rows: readonly ResultRow[], at: number, step: 1 | -1): number {
  const places = choosable(rows);
  const next = step > 0 ? places.find((place) => place > at) : places.findLast((place) => place < at);
  return next ?? (at >= 0 ? at : (places[0] ?? -1));
}
