/** The fake's answers about stretches of a conversation: opening, paging, searching. */
import type { Bridge } from '@/bridge/bridge';
import type { Message, Page, SearchHit } from '@/bridge/types';
import { findRoom, refusal, type FakeWorld } from './world';
import type { FakeRoom } from './rooms';

type LogCalls = Pick<Bridge, 'messages' | 'newer' | 'older' | 'openRoom' | 'openRoomAt' | 'search' | 'setPlace'>;

/** How many messages a page holds; the core's are of 50. */
const pageSize = 60;

/** The calls of LogCalls over a world. */
export function logCalls(world: FakeWorld): LogCalls {
  const places = new Map<string, { seq: number; offset: number }>();
  const open = (fake: FakeRoom, asked: number) => {
    const { room, messages } = fake;
    const place = places.get(room.room_uuid) ?? { seq: 0, offset: 0 };
    const target = asked || (room.unread_count > 0 ? room.last_read_seq + 1 : place.seq);
    const at = target > 0 ? messages.findIndex((message) => message.seq >= target || message.seq === 0) : -1;
    const end = at >= 0 ? Math.min(messages.length, at + pageSize / 2) : messages.length;
    // What is unsent belongs to the end.
    const reaches = messages.slice(end).every((message) => message.seq === 0);
    const start = Math.max(0, end - pageSize);
    return {
      ...stretch(messages.slice(start, reaches ? messages.length : end)),
      room,
      has_more: start > 0,
      has_newer: !reaches,
      target,
      place,
      reads: { room_uuid: room.room_uuid, members: fake.reads, histogram: [], known: true },
    };
  };
  const soon = (page: Page) =>
    new Promise<Page>((resolve) => {
      world.later(120, () => resolve(page));
    });
  return {
    openRoom: async (roomUuid, atSeq) => open(findRoom(world, roomUuid), atSeq),
    openRoomAt: async (roomUuid, at) => {
      const fake = findRoom(world, roomUuid);
      return open(fake, fake.messages.find((message) => message.at >= at)?.seq ?? fake.room.last_seq);
    },
    older: (roomUuid, beforeSeq) => {
      const { messages } = findRoom(world, roomUuid);
      const end = messages.findIndex((message) => message.seq === beforeSeq);
      const start = Math.max(0, end - pageSize);
      return soon({ ...stretch(messages.slice(start, end)), has_more: start > 0, partial: false });
    },
    newer: (roomUuid, afterSeq) => {
      const { messages } = findRoom(world, roomUuid);
      const start = messages.findIndex((message) => message.seq === afterSeq) + 1;
      const end = Math.min(messages.length, start + pageSize);
      return soon({ ...stretch(messages.slice(start, end)), has_more: end < messages.length, partial: false });
    },
    messages: async (roomUuid, seqs) =>
      findRoom(world, roomUuid).messages.filter((message) => seqs.includes(message.seq)),
    setPlace: async (roomUuid, place) => {
      places.set(roomUuid, place);
    },
    search: async (query) => {
      const wanted = query.text.trim().toLowerCase();
      if ([...wanted].length < 2 && !(wanted === '' && query.has_file)) throw refusal('bad_request', 'query_too_short');
      const found = [...world.rooms.values()]
        .filter(({ room }) => query.room_uuid === '' || room.room_uuid === query.room_uuid)
        .flatMap(({ messages }) => messages)
        .filter(
          (message) =>
            message.deleted_at === 0 &&
            (message.text.toLowerCase().includes(wanted) || namesFile(message, wanted)) &&
            (query.sender_uuid === '' || message.sender_uuid === query.sender_uuid) &&
            (query.from === 0 || message.at >= query.from) &&
            (query.to === 0 || message.at < query.to) &&
            (!query.has_file || message.files.length > 0),
        )
        .toSorted((a, b) => b.at - a.at);
      const start = query.before;
      const hits = found.slice(start, start + 20).map((message) => hit(message, wanted));
      return {
        hits,
        next: start + 20 < found.length ? start + 20 : 0,
        local: world.state.link === 'offline',
      };
    },
  };
}

function stretch(messages: Message[]) {
  const sent = messages.filter((message) => message.seq > 0);
  return { messages, first_seq: sent[0]?.seq ?? 0, last_seq: sent.at(-1)?.seq ?? 0 };
}

function namesFile(message: Message, wanted: string): boolean {
  return message.files.some((file) => file.name.toLowerCase().includes(wanted));
}

function hit(message: Message, wanted: string): SearchHit {
  if (wanted === '' || !message.text.toLowerCase().includes(wanted)) {
    return { message, snippet: [{ text: message.text.slice(0, 80), hit: false }] };
  }
  const at = message.text.toLowerCase().indexOf(wanted);
  const from = Math.max(0, at - 24);
  return {
    message,
    snippet: [
      { text: (from > 0 ? '…' : '') + message.text.slice(from, at), hit: false },
      { text: message.text.slice(at, at + wanted.length), hit: true },
      { text: message.text.slice(at + wanted.length, at + wanted.length + 60), hit: false },
    ],
  };
}
