import { describe, expect, test } from 'vitest';
import { fakeBridge } from './fake/fake-bridge';
import { readOptions } from './fake/options';
import { applyUpdate, emptyMirror, presenceOf, pruneTyping, typingHolds, type Mirror } from './mirror';
import type { Update } from './types';

async function held(): Promise<Mirror> {
  const bridge = fakeBridge(readOptions('quiet'), () => 1e12);
  return applyUpdate(emptyMirror, await bridge.snapshot(), 0);
}

const apply = (mirror: Mirror, update: Partial<Update>, now = 0) =>
  applyUpdate(mirror, { full: false, ...update }, now);

describe('applyUpdate', () => {
  test('changes only what the update names', async () => {
    const before = await held();
    const [room] = before.rooms.values();
    if (!room) throw new Error('the fake company has no room');
    const after = apply(before, { rooms: [{ ...room, unread_count: 77 }], unread_total: 77 });
    expect(after.rooms.get(room.room_uuid)?.unread_count).toBe(77);
    expect(after.unreadTotal).toBe(77);
    expect(after.people).toBe(before.people);
    expect(after.rooms.size).toBe(before.rooms.size);
  });

  test('an unread total of zero is a change', async () => {
    const after = apply(await held(), { unread_total: 0 });
    expect(after.unreadTotal).toBe(0);
  });

  test('a repeated update changes nothing more', async () => {
    const before = await held();
    const [room] = before.rooms.values();
    if (!room) throw new Error('the fake company has no room');
    const update = { rooms: [{ ...room, draft: { ...room.draft, text: 'x' } }], rooms_removed: ['gone'] };
    expect(apply(apply(before, update), update)).toEqual(apply(before, update));
  });

  test('a room that is no longer ours goes', async () => {
    const before = await held();
    const [uuid = ''] = before.rooms.keys();
    expect(apply(before, { rooms_removed: [uuid] }).rooms.has(uuid)).toBe(false);
  });

  test('a full update replaces everything', async () => {
    const before = await held();
    const after = applyUpdate(before, { full: true, state: before.state }, 0);
    expect([after.rooms.size, after.people.size, after.presence.size]).toEqual([0, 0, 0]);
  });

  test('nothing of an account is left after it signed out', async () => {
    const before = await held();
    const after = apply(before, { state: { ...before.state, phase: 'signed_out', me: undefined } });
    expect([after.rooms.size, after.people.size, after.unreadTotal]).toEqual([0, 0, 0]);
    expect(after.settings).toBe(before.settings);
  });
});

test('files of a composer are replaced per room; transfers by id', () => {
  const one = { handle: 'h', name: 'a.png', size: 1, type: 'image/png', width: 1, height: 1, preview: true };
  const transfer = { id: 't', upload: true, room_uuid: 'a', client_id: 'c', file_id: '', name: 'a', size: 2, done: 1 };
  const first = apply(emptyMirror, {
    held: [{ room_uuid: 'a', files: [one] }],
    transfers: [{ ...transfer, speed: 0, state: 'running' }],
  });
  const other = apply(first, { held: [{ room_uuid: 'b', files: [one] }] });
  expect([...other.held.keys()]).toEqual(['a', 'b']);
  const done = apply(other, {
    held: [{ room_uuid: 'a', files: [] }],
    transfers: [{ ...transfer, speed: 0, state: 'done' }],
  });
  expect([...done.held.keys()]).toEqual(['b']);
  expect([...done.transfers.values()].map(({ state }) => state)).toEqual(['done']);
});

describe('presence', () => {
  test('a full one forgets who is not in it; a change keeps the others', async () => {
    const some = apply(emptyMirror, { presence: [{ user_uuid: 'kim', state: 'active' }], presence_full: true });
    const more = apply(some, { presence: [{ user_uuid: 'lee', state: 'away' }] });
    expect([...more.presence.keys()]).toEqual(['kim', 'lee']);
    const off = apply(more, { presence: [{ user_uuid: 'kim', state: 'off' }] });
    expect([...off.presence.keys()]).toEqual(['lee']);
    expect(apply(more, { presence_full: true }).presence.size).toBe(0);
  });

  test('nobody is known to be there without the network', async () => {
    const before = await held();
    expect(presenceOf(before).size).toBeGreaterThan(0);
    expect(presenceOf(apply(before, { state: { ...before.state, link: 'offline' } })).size).toBe(0);
  });
});

describe('typing', () => {
  const typing = [{ room_uuid: 'room', user_uuid: 'kim' }];

  test('ends after five seconds', () => {
    const marked = apply(emptyMirror, { typing }, 1_000);
    expect(pruneTyping(marked, 1_000)).toMatchObject({ next: 1_000 + typingHolds });
    expect(pruneTyping(marked, 1_000 + typingHolds).mirror.typing.size).toBe(0);
  });

  test('ends with the message', async () => {
    const marked = apply(emptyMirror, { typing });
    const bridge = fakeBridge(readOptions('quiet'), () => 1e12);
    const [room] = (await bridge.snapshot()).rooms ?? [];
    const [sample] = (await bridge.openRoom(room?.room_uuid ?? '', 0)).messages;
    if (!sample) throw new Error('the fake room is empty');
    const changed = [{ ...sample, sender_uuid: 'kim' }];
    const after = apply(marked, { messages: [{ room_uuid: 'room', changed, removed: [], reset: false }] });
    expect(after.typing.get('room')?.size).toBe(0);
  });
});
