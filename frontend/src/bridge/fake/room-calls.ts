/** The fake's answers about rooms and messages. */
import type { Bridge } from '@/bridge/bridge';
import type { Draft, File, Message } from '@/bridge/types';
import { people, person } from './company';
import { move } from './file-calls';
import { emitMessages, findRoom, unreadTotal, type FakeWorld } from './world';
import { newMessage, noDraft, withLast, type FakeRoom } from './rooms';
import { answers } from './talk';

type RoomCalls = Pick<
  Bridge,
  | 'createGroup'
  | 'deleteMessage'
  | 'discard'
  | 'inView'
  | 'leaveRoom'
  | 'openPerson'
  | 'resend'
  | 'seen'
  | 'send'
  | 'setDraft'
  | 'typing'
>;

/** The calls of RoomCalls over a world. */
export function roomCalls(world: FakeWorld): RoomCalls {
  return {
    ...readingCalls(world),
    ...writingCalls(world),
    openPerson: async (userUuid) => {
      const found = [...world.rooms.values()].find(({ room }) =>
        userUuid === person(0).user_uuid
          ? room.kind === 'self'
          : room.kind === 'direct' && room.other_uuid === userUuid,
      );
      if (found) return found.room.room_uuid;
      const kind = userUuid === person(0).user_uuid ? 'self' : 'direct';
      return addRoom(world, { kind, name: '', others: kind === 'self' ? [] : [userUuid] });
    },
    createGroup: async (name, userUuids) => addRoom(world, { kind: 'group', name, others: userUuids }),
    leaveRoom: async (roomUuid) => {
      world.rooms.delete(roomUuid);
      world.emit({ rooms_removed: [roomUuid] });
    },
    inView: async () => undefined,
    typing: async () => undefined,
  };
}

function readingCalls(world: FakeWorld) {
  return {
    seen: async (roomUuid: string, seq: number) => {
      const fake = findRoom(world, roomUuid);
      if (seq <= fake.room.last_read_seq) return;
      fake.room = { ...fake.room, last_read_seq: seq, unread_count: Math.max(0, fake.room.last_seq - seq) };
      moveCursor(world, fake, person(0).user_uuid, seq);
      world.emit({ rooms: [fake.room], unread_total: unreadTotal(world) });
    },
  };
}

function writingCalls(world: FakeWorld) {
  return {
    send: async (roomUuid: string, draft: Draft) => {
      const fake = findRoom(world, roomUuid);
      const message = {
        ...newMessage({ roomUuid, seq: fake.messages.length + 1, sender: 0, text: draft.text, at: world.now() }),
        reply_to_seq: draft.reply_to_seq,
        mentions: draft.mentions,
        mention_all: draft.mention_all,
        files: uploadsOf(world, roomUuid, draft.files),
      };
      const online = world.state.link === 'online';
      const pending = { ...message, seq: 0, message_id: 0, state: online ? 'sending' : 'waiting' };
      fake.messages.push(pending);
      fake.room = { ...fake.room, unsent_count: fake.room.unsent_count + 1, draft: noDraft };
      emitMessages(world, fake, [pending]);
      if (message.files.length > 0) upload(world, fake, message);
      else if (online) world.later(350, () => arrive(world, fake, message));
      return pending;
    },
    resend: async (clientId: string) => {
      for (const fake of world.rooms.values()) {
        const message = fake.messages.find((held) => held.client_id === clientId);
        if (message) emitMessages(world, fake, [Object.assign(message, { state: 'sending', failure: undefined })]);
      }
    },
    discard: async (clientId: string) => {
      for (const fake of world.rooms.values()) {
        const kept = fake.messages.filter((message) => message.client_id !== clientId);
        if (kept.length === fake.messages.length) continue;
        fake.messages = kept;
        fake.room = { ...fake.room, unsent_count: 0 };
        const { room_uuid } = fake.room;
        world.emit({ messages: [{ room_uuid, changed: [], removed: [clientId], reset: false }], rooms: [fake.room] });
      }
    },
    deleteMessage: async (messageId: number) => {
      for (const fake of world.rooms.values()) {
        const message = fake.messages.find((held) => held.message_id === messageId);
        if (!message) continue;
        Object.assign(message, { deleted_at: world.now(), text: '', rev: fake.messages.length + 1 });
        fake.room = withLast(fake.room, fake.messages);
        emitMessages(world, fake, [{ ...message }]);
      }
    },
    setDraft: async (roomUuid: string, draft: Draft) => {
      const fake = findRoom(world, roomUuid);
      fake.room = { ...fake.room, draft };
      world.emit({ rooms: [fake.room] });
    },
  };
}

/** Takes held files out of a composer: they become uploads of a message. */
function uploadsOf(world: FakeWorld, roomUuid: string, handles: readonly string[]): File[] {
  const held = (world.held.get(roomUuid) ?? []).filter((file) => handles.includes(file.handle));
  if (held.length === 0) return [];
  world.held.delete(roomUuid);
  world.emit({ held: [{ room_uuid: roomUuid, files: [] }] });
  return held.map(({ handle, name, size, type, width, height, preview }) => {
    return {
      file_id: '',
      name,
      size,
      type,
      width,
      height,
      gone: false,
      saved: false,
      thumbnail: preview,
      transfer: handle,
    };
  });
}

/** Sends the files of a message; it arrives when all of them have. */
function upload(world: FakeWorld, fake: FakeRoom, message: Message) {
  const left = new Set(message.files.map((file) => file.transfer));
  for (const { transfer: id, name, size } of message.files) {
    const { room_uuid, client_id } = message;
    const from = { id, upload: true, room_uuid, client_id, file_id: '', name, size, done: 0, speed: 0 };
    move(world, { ...from, state: 'running' }, () => {
      left.delete(id);
      const now = fake.messages.find((held) => held.client_id === client_id);
      if (left.size > 0 || !now) return;
      const files = now.files.map((file) =>
        Object.assign({}, file, { file_id: `sent-${file.transfer}`, transfer: '' }),
      );
      arrive(world, fake, { ...message, files, state: 'sent' });
    });
  }
}

/** The server has stored it: it gets its seq, and colleagues notice. */
function arrive(world: FakeWorld, fake: FakeRoom, message: Message) {
  const seq = fake.room.last_seq + 1;
  const sent = { ...message, seq, rev: seq, message_id: Number(fake.room.room_uuid.slice(-6)) * 100_000 + seq };
  fake.messages = [...fake.messages.filter((held) => held.client_id !== message.client_id), sent];
  fake.room = {
    ...withLast(fake.room, fake.messages),
    unsent_count: 0,
    last_read_seq: seq,
    unread_count: 0,
  };
  emitMessages(world, fake, [sent]);
  moveCursor(world, fake, person(0).user_uuid, seq);
  if (!world.options.lively || fake.room.members.length < 2) return;
  fake.room.members.slice(1).forEach((userUuid, index) => {
    world.later(1_500 + index * 700, () => moveCursor(world, fake, userUuid, seq));
  });
  const answerer = fake.room.members[1] ?? '';
  world.later(2_000, () => world.emit({ typing: [{ room_uuid: fake.room.room_uuid, user_uuid: answerer }] }));
  world.later(4_500, () => say(world, fake, answerer));
}

function say(world: FakeWorld, fake: FakeRoom, userUuid: string) {
  const seq = fake.room.last_seq + 1;
  const sender = people.findIndex((one) => one.user_uuid === userUuid);
  const text = answers[seq % answers.length] ?? '';
  const message = newMessage({ roomUuid: fake.room.room_uuid, seq, sender, text, at: world.now() });
  message.client_id = `${message.client_id}-said`;
  fake.messages = [...fake.messages, message];
  fake.room = { ...withLast(fake.room, fake.messages), unread_count: seq - fake.room.last_read_seq };
  emitMessages(world, fake, [message]);
  moveCursor(world, fake, userUuid, seq);
}

function moveCursor(world: FakeWorld, fake: FakeRoom, userUuid: string, seq: number) {
  fake.reads = fake.reads.map((read) => (read.user_uuid === userUuid ? { ...read, last_read_seq: seq } : read));
  const { room_uuid } = fake.room;
  world.emit({ reads: [{ room_uuid, members: fake.reads, histogram: [], known: true }] });
}

function addRoom(world: FakeWorld, from: { kind: string; name: string; others: string[] }): string {
  const roomUuid = `00000000-0000-4000-a000-${String(world.rooms.size + 1).padStart(12, '0')}`;
  const [template] = world.rooms.values();
  const members = [person(0).user_uuid, ...from.others];
  const room = {
    ...(template?.room ?? emptyRoom),
    room_uuid: roomUuid,
    kind: from.kind,
    name: from.name,
    members,
    member_count: members.length,
    other_uuid: from.kind === 'direct' ? (from.others[0] ?? '') : '',
    last_seq: 0,
    last_read_seq: 0,
    unread_count: 0,
    last_text: '',
    last_sender: '',
    last_at: world.now(),
    last_deleted: false,
    last_files: [],
    last_file_count: 0,
    last_photos: 0,
    last_system: undefined,
    draft: noDraft,
    muted_until: 0,
    notify: 'all',
  };
  const reads = members.map((user_uuid) => ({ user_uuid, joined_seq: 0, last_read_seq: 0 }));
  world.rooms.set(roomUuid, { room, messages: [], reads });
  world.emit({ rooms: [room] });
  return roomUuid;
}

const emptyRoom = {
  owners: [],
  history: 'joined',
  department_uuid: '',
  read_only: false,
  picture: '',
  pins: [],
  pinned: false,
  locked: false,
  last_kind: 'user',
  unsent_count: 0,
  role: 'owner',
  favourite: false,
  mentioned_seqs: [],
};
