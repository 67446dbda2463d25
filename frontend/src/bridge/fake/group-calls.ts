/** The fake's answers about a room's members and settings. */
import type { Bridge } from '@/bridge/bridge';
import type { Room, SystemNotice } from '@/bridge/types';
import { person } from './company';
import { newMessage, withLast, type FakeRoom } from './rooms';
import { emitMessages, findRoom, unreadTotal, type FakeWorld } from './world';

type GroupCalls = Pick<
  Bridge,
  | 'chooseRoomPicture'
  | 'closeRoom'
  | 'invite'
  | 'lock'
  | 'markRead'
  | 'removeMember'
  | 'removeRoomPicture'
  | 'renameRoom'
  | 'roomMembers'
  | 'setMemberRole'
  | 'setMy'
  | 'setRoomHistory'
  | 'unlock'
>;

/** MutedForever of the core. */
const forever = 253_402_300_799_000;

/** The calls of GroupCalls over a world. */
export function groupCalls(world: FakeWorld): GroupCalls {
  const me = person(0).user_uuid;
  const change = (roomUuid: string, how: (room: Room) => Partial<Room>) => {
    const fake = findRoom(world, roomUuid);
    fake.room = { ...fake.room, ...how(fake.room) };
    world.emit({ rooms: [fake.room], unread_total: unreadTotal(world) });
    return fake;
  };
  const members = (roomUuid: string, next: (held: string[]) => string[], system: SystemNotice) => {
    const fake = change(roomUuid, (room) => {
      const list = next(room.members);
      return { members: list, member_count: list.length };
    });
    fake.reads = fake.room.members.map(
      (user_uuid) =>
        fake.reads.find((one) => one.user_uuid === user_uuid) ?? {
          user_uuid,
          joined_seq: fake.room.last_seq,
          last_read_seq: fake.room.last_seq,
        },
    );
    say(world, fake, system);
  };
  return {
    setMy: async (roomUuid, my) => {
      change(roomUuid, (room) => ({
        favourite: my.favourite ?? room.favourite,
        pinned: my.pinned ?? room.pinned,
        locked: my.locked ?? room.locked,
        notify: my.notify ?? room.notify,
        muted_until: my.mute_minutes === undefined ? room.muted_until : mutedUntil(my.mute_minutes, world.now()),
      }));
    },
    markRead: async (roomUuid) => {
      change(roomUuid, (room) => ({ last_read_seq: room.last_seq, unread_count: 0, mentioned_seqs: [] }));
    },
    roomMembers: async (roomUuid) => {
      const { room } = findRoom(world, roomUuid);
      const list = room.members.map((user_uuid) => ({
        user_uuid,
        role: room.owners.includes(user_uuid) ? 'owner' : 'member',
        joined_at: world.now() - 86_400_000,
      }));
      return { members: list.toSorted((a, b) => b.role.localeCompare(a.role)), next: '' };
    },
    invite: async (roomUuid, userUuids) =>
      members(roomUuid, (held) => [...new Set([...held, ...userUuids])], {
        action: 'joined',
        actor_uuid: me,
        user_uuids: userUuids,
      }),
    removeMember: async (roomUuid, userUuid) =>
      members(roomUuid, (held) => held.filter((one) => one !== userUuid), {
        action: 'removed',
        actor_uuid: me,
        user_uuids: [userUuid],
      }),
    setMemberRole: async (roomUuid, userUuid, role) => {
      const fake = change(roomUuid, ({ owners }) => ({
        owners: role === 'owner' ? [...owners, userUuid] : owners.filter((one) => one !== userUuid),
      }));
      say(world, fake, { action: 'role', actor_uuid: me, user_uuids: [userUuid], name: role });
    },
    renameRoom: async (roomUuid, name) => {
      say(
        world,
        change(roomUuid, () => ({ name })),
        { action: 'renamed', actor_uuid: me, name },
      );
    },
    setRoomHistory: async (roomUuid, history) => {
      say(
        world,
        change(roomUuid, () => ({ history })),
        { action: 'history', actor_uuid: me, name: history },
      );
    },
    chooseRoomPicture: async () => false,
    removeRoomPicture: async (roomUuid) => {
      change(roomUuid, () => ({ picture: '' }));
    },
    closeRoom: async (roomUuid) => {
      world.rooms.delete(roomUuid);
      world.emit({ rooms_removed: [roomUuid] });
    },
    lock: async () => {
      world.state = { ...world.state, locked: true };
      world.emit({ state: world.state });
    },
    unlock: async () => {
      world.state = { ...world.state, locked: false };
      world.emit({ state: world.state });
    },
  };
}

function mutedUntil(minutes: number, now: number): number {
  if (minutes < 0) return forever;
  return minutes === 0 ? 0 : now + minutes * 60_000;
}

/** A line of the server about a change. */
function say(world: FakeWorld, fake: FakeRoom, system: SystemNotice) {
  const seq = fake.room.last_seq + 1;
  const line = newMessage({ roomUuid: fake.room.room_uuid, seq, sender: 0, text: '', at: world.now() });
  const message = { ...line, kind: 'system', mine: false, system };
  fake.messages = [...fake.messages, message];
  fake.room = { ...withLast(fake.room, fake.messages), last_read_seq: seq };
  emitMessages(world, fake, [message]);
}
