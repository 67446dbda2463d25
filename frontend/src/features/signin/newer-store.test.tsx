import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { renderPage } from '@/test-page';
import { AccountScreen } from './account-screen';

const options = 'phase=signed_out&store=newer';

test('a store of a newer version is left only after a question that says what becomes of it', async () => {
  const { bridge } = await renderPage(() => <AccountScreen />, {}, options);
  const startAnew = vi.spyOn(bridge, 'startAnew');
  fireEvent.click(await screen.findByTestId('start-anew'));
  expect(await screen.findByText(/지우지 않고 따로 두고/)).toBeTruthy();
  expect(screen.getByText(/보내지 못한 메시지와 쓰던 글은/)).toBeTruthy();
  expect(startAnew).not.toHaveBeenCalled();
  fireEvent.click(screen.getByTestId('confirm-ok'));
  expect(await screen.findByText('새로 시작할 준비가 되었습니다.')).toBeTruthy();
  expect(screen.queryByTestId('start-anew')).toBeNull();
});

test('when it could not be left, it says why, and can be tried again', async () => {
  const startAnew = vi.fn<Bridge['startAnew']>(async () => {
    // oxlint-disable-next-line no-throw-literal -- what the bridge rejects with
    throw { code: 'store', reason: 'disk_full', message: '', request_id: '', retry_ms: 0 };
  });
  await renderPage(() => <AccountScreen />, { startAnew }, options);
  fireEvent.click(await screen.findByTestId('start-anew'));
  fireEvent.click(await screen.findByTestId('confirm-ok'));
  expect((await screen.findByTestId('signin-problem')).textContent).toContain('공간');
  expect(await screen.findByTestId('start-anew')).toBeTruthy();
});
