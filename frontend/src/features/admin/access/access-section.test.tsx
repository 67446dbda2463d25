import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { FoundRoom } from '@/bridge/types';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import type { LongListProps } from '@/features/admin/long-list';
import { chooseDay, chooseFirst, renderPage } from '@/test-page';
import { AccessSection } from './access-section';

const nothing = () => undefined;

// jsdom lays nothing out, so a list that shows what is in view would show nothing; here all of it is in view.
vi.mock('@/features/admin/long-list', () => ({
  LongList: <T,>({ items, keyOf, testId, children }: LongListProps<T>) => (
    <ul data-testid={testId}>
      {items.map((item) => (
        <li key={keyOf(item)}>{children(item)}</li>
      ))}
    </ul>
  ),
}));

function render(calls: Partial<Bridge> = {}, role = 'auditor') {
  const admin = { subject: undefined, role, onSection: nothing, onPerson: nothing, onRoom: nothing };
  return renderPage(
    () => (
      <ToastProvider>
        <AdminProvider admin={admin}>
          <AccessSection />
        </AdminProvider>
      </ToastProvider>
    ),
    calls,
    `role=${role}`,
  );
}

async function requests(): Promise<Awaited<ReturnType<Bridge['accessRequests']>>['requests']> {
  const { bridge, unmount } = await renderPage(() => null, {}, 'role=auditor');
  unmount();
  return (await bridge.accessRequests(0)).requests;
}

async function read(calls: Partial<Bridge> = {}) {
  const page = await render(calls);
  fireEvent.click(await screen.findByTestId('access-read'));
  fireEvent.change(await screen.findByTestId('access-rooms'), {
    target: { value: '00000000-0000-4000-b000-000000000001' },
  });
  await screen.findAllByTestId('access-messages');
  return page;
}

const failure = (code: string) =>
  new Error(JSON.stringify({ code, reason: '', message: '', request_id: '', retry_ms: 0 }));

test('an approval says what it allows, and is sent once it is confirmed', async () => {
  const decideAccess = vi.fn<Bridge['decideAccess']>(async () => undefined);
  await render({ decideAccess });
  fireEvent.click(await screen.findByTestId('access-approve'));
  const confirm = await screen.findByTestId('confirm-ok');
  expect(document.body.textContent).toContain('24시간');
  expect(decideAccess).not.toHaveBeenCalled();
  fireEvent.click(confirm);
  await waitFor(() => expect(decideAccess).toHaveBeenCalledWith('00000000-0000-4000-a000-000000000001', 'approve'));
});

test('who may not decide has no button for it', async () => {
  await render({}, 'admin');
  await screen.findAllByTestId('access-row');
  expect(screen.queryByTestId('access-approve')).toBeNull();
});

const direct: FoundRoom = { room_uuid: 'r1', kind: 'direct', name: '', members: ['gone-1', 'gone-2'] };

/** Chooses the first person who is offered, and the room that they share. */
async function chooseRoom() {
  fireEvent.click(await screen.findByTestId('subject-people'));
  await chooseFirst();
  const room = await screen.findByTestId('subject-room');
  expect(room.closest('[data-testid=subject-rooms]')?.textContent).toContain('대화');
  fireEvent.click(room);
}

test('a request needs a subject, a period and a reason; what the server says of a field stands beside it', async () => {
  const askAccess = vi.fn<Bridge['askAccess']>();
  await render({ askAccess, findRooms: async () => ({ rooms: [direct], next: 0 }) });
  fireEvent.click(await screen.findByTestId('access-ask'));
  fireEvent.click(await screen.findByTestId('access-send'));
  for (const text of ['대상을 골라 주세요.', '기간을 바르게 넣어 주세요.', '사유를 적어 주세요.']) {
    expect(document.body.textContent).toContain(text);
  }
  expect(askAccess).not.toHaveBeenCalled();
  fireEvent.click(screen.getByLabelText('대화방'));
  await chooseRoom();
  await chooseDay('access-from', 2026, 10, 1);
  await chooseDay('access-to', 2026, 10, 2);
  fireEvent.change(screen.getByTestId('access-reason'), { target: { value: '감사' } });
  const fields = [{ field: 'reason', message: '사유가 너무 짧습니다.' }];
  askAccess.mockRejectedValue({ code: 'bad_request', reason: '', message: '', request_id: '', retry_ms: 0, fields });
  fireEvent.click(screen.getByTestId('access-send'));
  expect(await screen.findByText('사유가 너무 짧습니다.')).toBeTruthy();
  expect(askAccess).toHaveBeenCalledWith({
    subject_kind: 'room',
    subject_uuid: direct.room_uuid,
    reason: '감사',
    from: new Date('2026-11-01T00:00:00').getTime(),
    to: new Date('2026-11-03T00:00:00').getTime(),
    hours: 24,
  });
});

test('reading is marked, begins at the start, and a search asks only on Enter', async () => {
  const searchAccess = vi.fn<Bridge['searchAccess']>(async () => ({ messages: [], next: 0 }));
  await read({ searchAccess });
  expect(screen.getByTestId('access-watched').textContent).toContain('열람 중: 감사됨');
  const field = screen.getByTestId('access-search');
  fireEvent.change(field, { target: { value: '회의' } });
  expect(searchAccess).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: 'Enter' });
  await screen.findByTestId('access-nothing');
  expect(searchAccess).toHaveBeenCalledExactlyOnceWith(
    '00000000-0000-4000-a000-000000000002',
    '00000000-0000-4000-b000-000000000001',
    '회의',
    0,
  );
});

test('a request that was ended closes what is read', async () => {
  const held = await requests();
  let may = true;
  const { session } = await read({
    accessRequests: async () => ({
      requests: held.map((one) => Object.assign({}, one, { may_read: one.may_read && may })),
      next: 0,
    }),
  });
  may = false;
  session.mirror.setState((before) => ({ admin: { ...before.admin, access_changes: 7 } }));
  await screen.findByTestId('access-over');
  expect(screen.queryByTestId('access-messages')).toBeNull();
});

test('a request whose time is over closes what is read', async () => {
  const held = await requests();
  await render({
    accessRequests: async () => ({
      requests: held.map((one) => Object.assign({}, one, { expires_at: Date.now() + 400 })),
      next: 0,
    }),
  });
  fireEvent.click(await screen.findByTestId('access-read'));
  await screen.findByTestId('access-over');
  expect(screen.queryByTestId('access-watched')).toBeNull();
});

test('a file of what is read is saved by itself, and closes the view when the request no longer holds', async () => {
  const saveAccessFile = vi.fn<Bridge['saveAccessFile']>(async () => true);
  await read({ saveAccessFile });
  const [save] = await screen.findAllByTestId('access-save-file');
  if (save) fireEvent.click(save);
  await screen.findByText(/파일을 저장했습니다/);
  expect(saveAccessFile).toHaveBeenCalledWith(
    '00000000-0000-4000-a000-000000000002',
    expect.any(String),
    '12월 신제품 출시 일정 최종본.xlsx',
  );
  saveAccessFile.mockRejectedValue(failure('forbidden'));
  if (save) fireEvent.click(save);
  expect(await screen.findByTestId('access-over')).toBeTruthy();
});

test('what the server no longer allows closes what is read', async () => {
  await render({
    accessMessages: async () => {
      throw failure('forbidden');
    },
  });
  fireEvent.click(await screen.findByTestId('access-read'));
  fireEvent.change(await screen.findByTestId('access-rooms'), {
    target: { value: '00000000-0000-4000-b000-000000000001' },
  });
  expect(await screen.findByTestId('access-over')).toBeTruthy();
});

test('a failure offers another try, and nothing asked for is said', async () => {
  let fails = true;
  await render({
    accessRequests: async () => {
      if (fails) throw failure('offline');
      return { requests: [], next: 0 };
    },
  });
  const retry = await screen.findByText('다시 시도');
  fails = false;
  fireEvent.click(retry);
  expect(await screen.findByTestId('access-empty')).toBeTruthy();
});
