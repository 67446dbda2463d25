import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { ToastProvider } from '@/components/toast';
import { renderPage } from '@/test-page';
import { NoticePane } from './notice-pane';

const nothing = () => undefined;
const first = '00000000-0000-4000-a000-000000000001';

const pane = (notice: string | undefined) => (
  <ToastProvider>
    <NoticePane notice={notice} onBack={nothing} onPerson={nothing} onRoom={nothing} />
  </ToastProvider>
);

beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});

test('an opened notice is read, and confirmed when one says so', async () => {
  const { session } = await renderPage(() => pane(first));
  const held = () => session.mirror.getState().notices;
  const before = held().waiting;
  await waitFor(() => expect(held().notices[0]?.read).toBe(true));
  expect(held().waiting).toBe(before);
  expect(screen.getByText('securecheck --quick --report')).toBeTruthy();
  fireEvent.click(screen.getByTestId('notice-confirm'));
  expect(await screen.findByTestId('notice-confirmed')).toBeTruthy();
  expect(held().waiting).toBe(before - 1);
});

test('who does not look has not read it', async () => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(false);
  const readNotice = vi.fn<Bridge['readNotice']>(async () => undefined);
  await renderPage(() => pane(first), { readNotice });
  expect(readNotice).not.toHaveBeenCalled();
});

test('without the network it says why it can not be confirmed', async () => {
  await renderPage(() => pane(first), {}, 'link=offline');
  expect(screen.getByTestId('notice-confirm').hasAttribute('disabled')).toBe(true);
  expect(screen.getByText('서버에 연결되어야 확인할 수 있습니다.')).toBeTruthy();
});

test('what was changed meanwhile is said, and a withdrawn one too', async () => {
  const confirmNotice = () =>
    Promise.reject(new Error('{"code":"conflict","reason":"edit_conflict","message":"","request_id":"","retry_ms":0}'));
  const { unmount } = await renderPage(() => pane(first), { confirmNotice });
  fireEvent.click(screen.getByTestId('notice-confirm'));
  expect(await screen.findByText(/다른 곳에서 수정되었습니다/)).toBeTruthy();
  unmount();
  await renderPage(() => pane('00000000-0000-4000-a000-000000000005'));
  expect(screen.getByText('볼 수 없는 공지입니다')).toBeTruthy();
});
