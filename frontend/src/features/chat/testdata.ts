/** Small makers for the tests of this feature. */
import type { Draft, File, Message, Room, Transfer } from '@/bridge/types';

/** A sent message of somebody else; seq gives all that differs. */
export function message(seq: number, change: Partial<Message> = {}): Message {
  return {
    room_uuid: 'room',
    client_id: `c${seq}`,
    message_id: seq,
    seq,
    rev: seq,
    kind: 'user',
    sender_uuid: 'kim',
    mine: false,
    text: `message ${seq}`,
    at: new Date(2026, 10, 22, 9, 0).getTime() + seq * 60_000,
    edited_at: 0,
    deleted_at: 0,
    reply_to_seq: 0,
    mentions: [],
    mention_all: false,
    forwarded: false,
    pinned: false,
    reactions: [],
    files: [],
    state: 'sent',
    ...change,
  };
}

/** One's own message that has not been sent; n gives its order. */
export function unsent(n: number, change: Partial<Message> = {}): Message {
  return message(0, { client_id: `u${n}`, mine: true, sender_uuid: 'me', state: 'sending', at: 1e13 + n, ...change });
}

/** A draft of a text; empty by itself. */
export function draft(text = ''): Draft {
  return { text, reply_to_seq: 0, mentions: [], mention_all: false, files: [] };
}

/** A group without messages. */
export function room(roomUuid: string, change: Partial<Room> = {}): Room {
  return {
    room_uuid: roomUuid,
    kind: 'group',
    name: roomUuid,
    members: ['me', 'kim'],
    member_count: 2,
    other_uuid: '',
    last_seq: 0,
    last_read_seq: 0,
    unread_count: 0,
    last_text: '',
    last_kind: 'user',
    last_sender: '',
    last_at: 0,
    last_deleted: false,
    last_files: [],
    last_file_count: 0,
    last_photos: 0,
    unsent_count: 0,
    draft: draft(),
    owners: [],
    history: 'joined',
    department_uuid: '',
    read_only: false,
    picture: '',
    pins: [],
    pinned: false,
    locked: false,
    role: 'member',
    muted_until: 0,
    notify: 'all',
    favourite: false,
    mentioned_seqs: [],
    ...change,
  };
}

/** A file of a sent message: a picture unless the name says otherwise. */
export function file(name: string, change: Partial<File> = {}): File {
  const picture = /\.(png|jpe?g|gif)$/i.test(name);
  return {
    file_id: `id-${name}`,
    name,
    size: 1_234_567,
    type: picture ? 'image/png' : 'application/octet-stream',
    width: picture ? 800 : 0,
    height: picture ? 600 : 0,
    thumbnail: picture,
    gone: false,
    transfer: '',
    saved: false,
    ...change,
  };
}

/** An upload that is under way. */
export function transfer(id: string, change: Partial<Transfer> = {}): Transfer {
  return {
    id,
    upload: true,
    room_uuid: 'room',
    client_id: 'u1',
    file_id: '',
    name: '보고서.pdf',
    size: 1_000,
    done: 250,
    speed: 50,
    state: 'running',
    ...change,
  };
}
