/** The fake's answers about files: what waits in a composer, what is on its way, and what lies in a room. */
import type { Bridge } from '@/bridge/bridge';
import type { Failure, File, HeldFile, RefusedFile, RoomFile, Transfer } from '@/bridge/types';
import { document, photo, typeOf } from './files';
import type { FakeRoom } from './rooms';
import { emitMessages, findRoom, refusal, type FakeWorld } from './world';

type FileCalls = Pick<
  Bridge,
  | 'appendTake'
  | 'beginTake'
  | 'cancelTake'
  | 'cancelTransfer'
  | 'checkPicture'
  | 'chooseFiles'
  | 'copyPicture'
  | 'downloadFile'
  | 'dropHeld'
  | 'endTake'
  | 'fileLimits'
  | 'openFile'
  | 'pasteFile'
  | 'retryTransfer'
  | 'roomFiles'
  | 'saveFile'
  | 'saveFiles'
  | 'showFile'
>;

const maxBytes = 10 << 20;
const mostHeld = 20;
const pageSize = 40;
const manyAtOnce = 1_000;
/** A transfer moves on this often, in milliseconds, and by this share of its size. */
const tick = 250;
const share = 0.2;

/** The calls of FileCalls over a world. */
export function fileCalls(world: FakeWorld): FileCalls {
  return {
    ...heldCalls(world),
    ...savingCalls(world),
    roomFiles: async (roomUuid, { kind, text, before }) => {
      const wanted = text.normalize('NFC').toLowerCase();
      const many = world.options.files === 'many';
      const all = filesOf(findRoom(world, roomUuid));
      const found = (many ? manyOf(all, world.now()) : all).filter(
        ({ file }) =>
          (kind === '' || (kind === 'photo') === file.thumbnail) && file.name.toLowerCase().includes(wanted),
      );
      const start = Number(before || 0);
      const end = start + (many ? manyAtOnce : pageSize);
      const next = end < found.length ? String(end) : '';
      return { files: found.slice(start, end), next, local: world.state.link === 'offline' };
    },
  };
}

/** Thousands of files, half of them photos, made of those that there are. */
function manyOf(files: readonly RoomFile[], now: number): RoomFile[] {
  if (files.length === 0) return [];
  return Array.from({ length: 10_000 }, (_, i) => {
    const one = files[i % files.length] as RoomFile;
    const at = now - i * 3_600_000;
    const isPhoto = i % 2 === 0;
    const name = isPhoto ? `IMG_${i}.jpg` : `보고서_${i}.pdf`;
    const id = isPhoto ? `photo-many${i}-160x120` : `doc-many${i}`;
    const made = isPhoto ? photo(`many${i}`, name, 160, 120) : document(id, name, 1_000 + i);
    return { ...one, file: made, at };
  });
}

function filesOf({ messages }: FakeRoom): RoomFile[] {
  return messages
    .filter((message) => message.seq > 0 && message.deleted_at === 0)
    .toReversed()
    .flatMap(({ files, message_id, seq, sender_uuid, at }) =>
      files.map((file) => ({ file, message_id, seq, sender_uuid, at })),
    );
}

function heldCalls(world: FakeWorld) {
  let made = 0;
  const add = (roomUuid: string, files: readonly Omit<HeldFile, 'handle' | 'type'>[]) => {
    findRoom(world, roomUuid);
    const news = files.map((file) => ({
      ...file,
      handle: `held-${++made}-${file.width || 1}x${file.height || 1}`,
      type: typeOf(file.name),
      ...(file.size > maxBytes ? { problem: refusal('too_large', 'file_too_large') } : {}),
    }));
    world.held.set(roomUuid, [...(world.held.get(roomUuid) ?? []), ...news]);
    emitHeld(world, roomUuid);
  };
  const plain = { width: 0, height: 0, preview: false };
  return {
    chooseFiles: async (roomUuid: string) => {
      add(roomUuid, [
        { name: '현장 사진.jpg', size: 2_400_000, width: 1600, height: 1200, preview: true },
        { ...plain, name: '보고서.pdf', size: 812_345 },
      ]);
      return world.options.files === 'refused' ? refusedOnes : [];
    },
    pasteFile: async (roomUuid: string) =>
      add(roomUuid, [{ name: '붙여넣은 그림.png', size: 96_000, width: 1280, height: 720, preview: true }]),
    dropHeld: async (roomUuid: string, handles: string[]) => {
      const left = (world.held.get(roomUuid) ?? []).filter((file) => !handles.includes(file.handle));
      world.held.set(roomUuid, left);
      emitHeld(world, roomUuid);
    },
    fileLimits: async () => ({
      max_bytes: maxBytes,
      types: ['png', 'jpg', 'gif', 'pdf', 'docx', 'xlsx', 'zip', 'txt'],
    }),
    ...takeCalls(world, (roomUuid, name, size) => add(roomUuid, [{ ...plain, name, size }])),
  };
}

const refusedOnes: RefusedFile[] = [
  { name: '설치 프로그램.exe', size: 4_812_000, failure: refusal('unsupported_type', 'file_type') },
  {
    name: '3분기 실적 발표 자료_최종_진짜최종.pptx',
    size: 48_230_000,
    failure: refusal('too_large', 'file_too_large'),
  },
  { name: '빈 문서.txt', size: 0, failure: refusal('bad_request', 'file_empty') },
];

/** Why the fake takes no such file, as the core would look at it. */
function refusalOf(world: FakeWorld, roomUuid: string, name: string, size: number) {
  if (size === 0) return refusal('bad_request', 'file_empty');
  if (size > maxBytes) return refusal('too_large', 'file_too_large');
  if (/\.(exe|bat|js)$/i.test(name)) return refusal('unsupported_type', 'file_type');
  const count = world.held.get(roomUuid)?.length ?? 0;
  return count >= mostHeld ? refusal('bad_request', 'too_many_files') : undefined;
}

function takeCalls(world: FakeWorld, add: (roomUuid: string, name: string, size: number) => void) {
  let made = 0;
  let now: { handle: string; roomUuid: string; name: string; size: number; done: number } | undefined;
  const find = (handle: string) => {
    if (now?.handle !== handle) throw refusal('not_found', 'file_vanished');
    return now;
  };
  return {
    beginTake: async (roomUuid: string, name: string, size: number) => {
      const why = refusalOf(world, roomUuid, name, size);
      if (why) throw why;
      now = { handle: `take-${++made}`, roomUuid, name, size, done: 0 };
      return now.handle;
    },
    appendTake: async (handle: string, offset: number, content: string) => {
      const take = find(handle);
      if (offset !== take.done) throw refusal('conflict', 'file_changed');
      take.done += atob(content).length;
      if (world.options.files === 'taking') await new Promise<void>(() => undefined); // it stays so, for a picture
    },
    endTake: async (handle: string) => {
      const { roomUuid, name, size, done } = find(handle);
      if (done !== size) throw refusal('conflict', 'file_changed');
      now = undefined;
      add(roomUuid, name, size);
    },
    cancelTake: async (handle: string) => {
      if (now?.handle === handle) now = undefined;
    },
  };
}

function emitHeld(world: FakeWorld, roomUuid: string) {
  world.emit({ held: [{ room_uuid: roomUuid, files: world.held.get(roomUuid) ?? [] }] });
}

function savingCalls(world: FakeWorld) {
  const begin = (fileId: string) => {
    const { file, room } = findFile(world, fileId);
    const id = `down-${world.transfers.size + 1}`;
    const { name, size } = file;
    const { room_uuid } = room.room;
    const base = { id, upload: false, room_uuid, client_id: '', file_id: fileId, name, size };
    move(world, { ...base, done: 0, speed: 0, state: 'running' }, () => change(world, fileId, { saved: true }));
  };
  return {
    saveFile: async (fileId: string) => {
      begin(fileId);
      return true;
    },
    saveFiles: async (fileIds: string[]) => {
      fileIds.forEach(begin);
      return true;
    },
    downloadFile: async (fileId: string) => begin(fileId),
    openFile: async (fileId: string) => {
      if (/\.(exe|bat|cmd|js)$/i.test(findFile(world, fileId).file.name)) throw refusal('forbidden');
    },
    showFile: async () => undefined,
    checkPicture: async (fileId: string) => {
      if (world.options.served) throw refusal('not_found', 'file_deleted');
      findFile(world, fileId);
    },
    copyPicture: async () => undefined,
    cancelTransfer: async (id: string) => {
      const held = world.transfers.get(id);
      if (!held) throw refusal('not_found');
      put(world, { ...held, state: 'canceled' });
      if (held.upload) dropUpload(world, held);
    },
    retryTransfer: async (id: string) => {
      const held = world.transfers.get(id);
      if (!held) throw refusal('not_found');
      const { failure: _, ...rest } = held;
      move(world, { ...rest, state: 'running' }, () => undefined, false);
    },
  };
}

function findFile(world: FakeWorld, fileId: string): { file: File; room: FakeRoom } {
  for (const room of world.rooms.values()) {
    for (const message of room.messages) {
      const file = message.files.find((one) => one.file_id === fileId);
      if (file?.gone) throw refusal('not_found', 'file_gone');
      if (file) return { file, room };
    }
  }
  throw refusal('not_found');
}

function change(world: FakeWorld, fileId: string, how: Partial<File>) {
  for (const fake of world.rooms.values()) {
    for (const message of fake.messages) {
      if (!message.files.some((file) => file.file_id === fileId)) continue;
      message.files = message.files.map((file) => (file.file_id === fileId ? { ...file, ...how } : file));
      emitMessages(world, fake, [{ ...message }]);
    }
  }
}

/** A canceled upload takes its file out of its message, which goes if nothing is left of it. */
function dropUpload(world: FakeWorld, { id, room_uuid, client_id }: Transfer) {
  const fake = findRoom(world, room_uuid);
  const message = fake.messages.find((held) => held.client_id === client_id);
  if (!message) return;
  message.files = message.files.filter((file) => file.transfer !== id);
  if (message.text !== '' || message.files.length > 0) {
    emitMessages(world, fake, [{ ...message }]);
    return;
  }
  fake.messages = fake.messages.filter((held) => held !== message);
  world.emit({ messages: [{ room_uuid, changed: [], removed: [client_id], reset: false }] });
}

function put(world: FakeWorld, transfer: Transfer) {
  world.transfers.set(transfer.id, transfer);
  world.emit({ transfers: [transfer] });
}

/** The message of an upload fails with it. */
function failMessage(world: FakeWorld, { upload, room_uuid, client_id }: Transfer, failure: Failure) {
  const fake = findRoom(world, room_uuid);
  const message = upload ? fake.messages.find((held) => held.client_id === client_id) : undefined;
  if (!message) return;
  Object.assign(message, { state: 'failed', failure });
  emitMessages(world, fake, [{ ...message }]);
}

/** Why transfers fail, by the option. */
const refusedTransfers: Readonly<Record<string, Failure>> = {
  failed: refusal('unsupported_type', 'file_content'),
  full: refusal('unavailable', 'disk_full'),
};

/** Moves a transfer on until it is done, refused, canceled, or the network is away. */
export function move(world: FakeWorld, from: Transfer, onDone: () => void, mayFail = true): void {
  put(world, world.state.link === 'online' ? from : { ...from, state: 'waiting' });
  if (world.state.link !== 'online') return;
  world.later(tick, () => {
    const held = world.transfers.get(from.id);
    if (held?.state !== 'running' && held?.state !== 'checking') return;
    if (held.state === 'checking' || (!held.upload && held.done >= held.size)) {
      put(world, { ...held, state: 'done' });
      onDone();
      return;
    }
    const slow = world.options.transfers === 'slow';
    const step = Math.ceil(held.size * (slow ? share / 20 : share));
    const done = Math.min(held.size, held.done + step);
    const why = refusedTransfers[world.options.transfers];
    if (mayFail && why && done > held.size / 2) {
      put(world, { ...held, state: 'failed', failure: why });
      failMessage(world, held, why);
      return;
    }
    const state = held.upload && done === held.size ? 'checking' : 'running';
    move(
      world,
      { ...held, done: slow ? Math.min(done, held.size * 0.6) : done, speed: step * 4, state },
      onDone,
      mayFail,
    );
  });
}
