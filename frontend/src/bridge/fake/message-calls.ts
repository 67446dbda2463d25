/** The fake's answers about what can be done to a message. */
import type { Bridge } from '@/bridge/bridge';
import type { Message, Reaction } from '@/bridge/types';
import { person } from './company';
import { newMessage, withLast, type FakeRoom } from './rooms';
import { emitMessages, findRoom, refusal, type FakeWorld } from './world';

type MessageCalls = Pick<Bridge, 'edit' | 'forward' | 'hideMessages' | 'pin' | 'react' | 'readers'>;

/** The calls of MessageCalls over a world. */
export function messageCalls(world: FakeWorld): MessageCalls {
  const change = (messageId: number, how: (message: Message, fake: FakeRoom) => Partial<Message>) => {
    if (world.state.link !== 'online') throw refusal('offline');
    const { fake, message } = findMessage(world, messageId);
    if (message.deleted_at !== 0) throw refusal('conflict', 'message_deleted');
    Object.assign(message, how(message, fake), { rev: message.rev + 1_000 });
    fake.room = withLast(fake.room, fake.messages);
    emitMessages(world, fake, [{ ...message }]);
  };
  return {
    edit: async (messageId, draft) =>
      change(messageId, () => ({
        text: draft.text,
        mentions: draft.mentions,
        mention_all: draft.mention_all,
        edited_at: world.now(),
      })),
    react: async (messageId, emoji, on) =>
      change(messageId, (message) => ({ reactions: reacted(message.reactions, emoji, on) })),
    pin: async (messageId, on) =>
      change(messageId, (message, fake) => {
        const others = fake.room.pins.filter((seq) => seq !== message.seq);
        fake.room = { ...fake.room, pins: on ? [...others, message.seq] : others };
        return { pinned: on };
      }),
    hideMessages: async (messageIds) => {
      for (const id of messageIds) {
        const { fake, message } = findMessage(world, id);
        fake.messages = fake.messages.filter((held) => held !== message);
        const { room_uuid } = fake.room;
        world.emit({
          messages: [{ room_uuid, changed: [], removed: [message.client_id], reset: false }],
          rooms: [fake.room],
        });
      }
    },
    forward: async (messageIds, roomUuids) => {
      for (const roomUuid of roomUuids) {
        const fake = findRoom(world, roomUuid);
        for (const id of messageIds) {
          const { text, files } = findMessage(world, id).message;
          const seq = fake.room.last_seq + 1;
          const sent = { ...newMessage({ roomUuid, seq, sender: 0, text, at: world.now() }), files, forwarded: true };
          fake.messages = [...fake.messages, sent];
          fake.room = { ...withLast(fake.room, fake.messages), last_read_seq: seq, unread_count: 0 };
          emitMessages(world, fake, [sent]);
        }
      }
    },
    readers: async (roomUuid, seq, read) => {
      const fake = findRoom(world, roomUuid);
      const sender = fake.messages.find((message) => message.seq === seq)?.sender_uuid;
      const asked = fake.reads.filter((one) => one.user_uuid !== sender && one.joined_seq < seq);
      const has = asked.filter((one) => one.last_read_seq >= seq);
      const hasNot = asked.filter((one) => one.last_read_seq < seq);
      return {
        users: (read ? has : hasNot).map(({ user_uuid }, index) => ({
          user_uuid,
          read_at: read ? world.now() - (index + 1) * 73_000 : 0,
        })),
        next: '',
        read_count: has.length,
        unread_count: hasNot.length,
      };
    },
  };
}

function findMessage(world: FakeWorld, messageId: number): { fake: FakeRoom; message: Message } {
  for (const fake of world.rooms.values()) {
    const message = fake.messages.find((held) => held.message_id === messageId);
    if (message) return { fake, message };
  }
  throw refusal('not_found');
}

function reacted(held: Reaction[], emoji: string, on: boolean): Reaction[] {
  const me = person(0).user_uuid;
  const known = held.some((one) => one.emoji === emoji);
  const next = known || !on ? held : [...held, { emoji, user_uuids: [], mine: false }];
  return next
    .map((one) => {
      if (one.emoji !== emoji) return one;
      const others = one.user_uuids.filter((uuid) => uuid !== me);
      return { emoji, user_uuids: on ? [...others, me] : others, mine: on };
    })
    .filter((one) => one.user_uuids.length > 0);
}
