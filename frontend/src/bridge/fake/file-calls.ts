/** The fake's answers about files. */
import type { Bridge } from '@/bridge/bridge';
import type { HeldFile } from '@/bridge/types';
import { findRoom, type FakeWorld } from './world';

type FileCalls = Pick<
  Bridge,
  | 'cancelTransfer'
  | 'chooseFiles'
  | 'copyPicture'
  | 'downloadFile'
  | 'dropHeld'
  | 'fileLimits'
  | 'openFile'
  | 'pasteFile'
  | 'retryTransfer'
  | 'roomFiles'
  | 'saveFile'
  | 'saveFiles'
  | 'showFile'
>;

const nothing = () => Promise.resolve();

/** The calls of FileCalls over a world. */
export function fileCalls(world: FakeWorld): FileCalls {
  const held = new Map<string, HeldFile[]>();
  const hold = (roomUuid: string, files: HeldFile[]) => {
    findRoom(world, roomUuid);
    held.set(roomUuid, files);
    world.emit({ held: [{ room_uuid: roomUuid, files }] });
  };
  const add = (roomUuid: string, file: Pick<HeldFile, 'name' | 'size' | 'type'>) => {
    const files = held.get(roomUuid) ?? [];
    const handle = `held-${roomUuid}-${files.length}-${world.now()}`;
    hold(roomUuid, [...files, { ...file, handle, width: 0, height: 0, preview: false }]);
  };
  return {
    chooseFiles: async (roomUuid) => add(roomUuid, { name: '보고서.pdf', size: 812_345, type: 'application/pdf' }),
    pasteFile: async (roomUuid, content) =>
      add(roomUuid, { name: '붙여넣은 그림.png', size: Math.floor((content.length * 3) / 4), type: 'image/png' }),
    dropHeld: async (roomUuid, handles) =>
      hold(
        roomUuid,
        (held.get(roomUuid) ?? []).filter((file) => !handles.includes(file.handle)),
      ),
    fileLimits: () => Promise.resolve({ max_bytes: 10 * 1024 * 1024, types: ['png', 'jpg', 'jpeg', 'gif', 'pdf'] }),
    roomFiles: async (roomUuid) => ({
      files: findRoom(world, roomUuid).messages.flatMap((message) =>
        message.files.map((file) => ({
          file,
          message_id: message.message_id,
          seq: message.seq,
          sender_uuid: message.sender_uuid,
          at: message.at,
        })),
      ),
      next: '',
      local: world.state.link !== 'online',
    }),
    saveFile: () => Promise.resolve(true),
    saveFiles: () => Promise.resolve(true),
    cancelTransfer: nothing,
    retryTransfer: nothing,
    downloadFile: nothing,
    openFile: nothing,
    showFile: nothing,
    copyPicture: nothing,
  };
}
