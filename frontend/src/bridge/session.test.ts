import { expect, test, vi } from 'vitest';
import type { Bridge } from './bridge';
import { asFailure } from './failure';
import { createSession } from './session';
import type { Update } from './types';

function setUp(snapshot: () => Promise<Update>) {
  let emit: (update: Update) => void = () => undefined;
  const onUpdate = vi.fn<Bridge['onUpdate']>((listener) => {
    emit = listener;
    return () => undefined;
  });
  const session = createSession({ snapshot, onUpdate } as unknown as Bridge, () => 0);
  return { session, onUpdate, emit: (update: Partial<Update>) => emit({ full: false, ...update }) };
}

test('what comes before the snapshot is applied after it', async () => {
  let answer: (update: Update) => void = () => undefined;
  const { session, emit } = setUp(() => new Promise((resolve) => (answer = resolve)));
  const started = session.start();
  emit({ unread_total: 5 });
  answer({ full: true, unread_total: 4 });
  await started;
  expect(session.mirror.getState().unreadTotal).toBe(5);
});

test('a failed start is said and can be repeated; it listens once', async () => {
  const snapshot = vi.fn<() => Promise<Update>>();
  const failure = { code: 'store', reason: '', message: 'x', request_id: '', retry_ms: 0 };
  // As Wails hands a rejection over: an Error with shell's JSON in its message.
  snapshot.mockRejectedValueOnce(new Error(JSON.stringify(failure)));
  snapshot.mockResolvedValueOnce({ full: true, unread_total: 3 });
  const { session, onUpdate } = setUp(snapshot);
  expect(await session.start()).toEqual(failure);
  expect(await session.start()).toBeUndefined();
  expect(session.mirror.getState().unreadTotal).toBe(3);
  expect(onUpdate).toHaveBeenCalledOnce();
});

test.each([
  [new Error('plain'), 'internal', 'plain'],
  [new Error('{"not":"ours"}'), 'internal', '{"not":"ours"}'],
  [new Error('{broken'), 'internal', '{broken'],
  ['text', 'internal', 'text'],
  [undefined, 'internal', 'undefined'],
])('anything but a Failure is internal: %s', (error, code, message) => {
  expect(asFailure(error)).toMatchObject({ code, message });
});
