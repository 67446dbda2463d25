import { expect, test, vi } from 'vitest';
import { handOver, type HandOverBridge } from './file-bytes';

const piece = 3 << 20;

const core = () => ({
  beginTake: vi.fn<HandOverBridge['beginTake']>(() => Promise.resolve('take')),
  appendTake: vi.fn<HandOverBridge['appendTake']>(() => Promise.resolve()),
  endTake: vi.fn<HandOverBridge['endTake']>(() => Promise.resolve()),
  cancelTake: vi.fn<HandOverBridge['cancelTake']>(() => Promise.resolve()),
});

const file = (size: number) => new File([new Uint8Array(size).fill(7)], '큰 파일.zip');
const handed = (bridge: ReturnType<typeof core>) =>
  bridge.appendTake.mock.calls.map(([, offset, content]) => [offset, atob(content).length]);

test('a file goes over in pieces, in order', async () => {
  const bridge = core();
  const onProgress = vi.fn<(done: number) => void>();
  const { signal } = new AbortController();
  await expect(handOver(bridge, { room: 'room', file: file(2 * piece + 5), onProgress, signal })).resolves.toBe(true);
  expect(bridge.beginTake).toHaveBeenCalledExactlyOnceWith('room', '큰 파일.zip', 2 * piece + 5);
  expect(handed(bridge)).toEqual([
    [0, piece],
    [piece, piece],
    [2 * piece, 5],
  ]);
  expect(onProgress.mock.calls.map(([done]) => done)).toEqual([piece, 2 * piece, 2 * piece + 5]);
  expect(bridge.endTake).toHaveBeenCalledExactlyOnceWith('take');
});

test('what is refused is not read', async () => {
  const why = { code: 'too_large', reason: 'file_too_large' };
  const bridge = core();
  bridge.beginTake.mockRejectedValue(why);
  const { signal } = new AbortController();
  const onProgress = () => undefined;
  await expect(handOver(bridge, { room: 'room', file: file(10), onProgress, signal })).rejects.toBe(why);
  expect(bridge.appendTake).not.toHaveBeenCalled();
});

test('one that was stopped is dropped', async () => {
  const bridge = core();
  const ending = new AbortController();
  const onProgress = () => ending.abort();
  const { signal } = ending;
  await expect(handOver(bridge, { room: 'room', file: file(2 * piece), onProgress, signal })).resolves.toBe(false);
  expect(handed(bridge)).toHaveLength(1);
  expect(bridge.cancelTake).toHaveBeenCalledExactlyOnceWith('take');
  expect(bridge.endTake).not.toHaveBeenCalled();
});

test('one that can not be read says so and is dropped', async () => {
  const bridge = core();
  const broken = file(10);
  broken.slice = () => {
    const part = new Blob(['x']);
    vi.spyOn(FileReader.prototype, 'readAsDataURL').mockImplementationOnce(function fail(this: FileReader) {
      this.dispatchEvent(new ProgressEvent('error'));
    });
    return part;
  };
  const { signal } = new AbortController();
  const onProgress = () => undefined;
  await expect(handOver(bridge, { room: 'room', file: broken, onProgress, signal })).rejects.toMatchObject({
    reason: 'file_unreadable',
  });
  expect(bridge.cancelTake).toHaveBeenCalledExactlyOnceWith('take');
});
