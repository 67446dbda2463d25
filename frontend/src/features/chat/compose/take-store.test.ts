import { afterEach, expect, test, vi } from 'vitest';
import { asFailure } from '@/bridge/failure';
import { enqueue, forgetRefused, takeStore, type Take } from './take-store';

afterEach(() => {
  forgetRefused('a');
  forgetRefused('b');
});

const dropped = (name: string) => ({ file: new File(['x'], name), folder: false });
const taking = () => takeStore.getState().taking;
const refused = (room: string) => (takeStore.getState().refused.get(room) ?? []).map(({ name }) => name);

test('files go one after the other, each into its room; what is refused keeps none back', async () => {
  const went: string[] = [];
  const take: Take = ({ file, room }) => {
    if (file.name === 'bad') return Promise.reject(new Error('no'));
    went.push(`${room}/${file.name}`);
    return Promise.resolve(true);
  };
  enqueue('a', [dropped('1'), dropped('bad'), dropped('2')], take, asFailure);
  expect(taking()).toMatchObject({ room: 'a', name: '1', behind: 2 });
  enqueue('b', [dropped('3')], take, asFailure);
  expect(taking()?.behind).toBe(3);
  await vi.waitFor(() => expect(taking()).toBeUndefined());
  expect(went).toEqual(['a/1', 'a/2', 'b/3']);
  expect(refused('a')).toEqual(['bad']);
  expect(refused('b')).toEqual([]);
});

test('stopping ends the one that goes and those behind it', async () => {
  const take = vi.fn<Take>(
    (_, onProgress, signal) =>
      new Promise((resolve) => {
        onProgress(1);
        signal.addEventListener('abort', () => resolve(false));
      }),
  );
  enqueue('a', [dropped('1'), dropped('2')], take, asFailure);
  expect(taking()?.done).toBe(1);
  taking()?.stop();
  await vi.waitFor(() => expect(taking()).toBeUndefined());
  expect(take).toHaveBeenCalledOnce();
});
