import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { renderPage } from '@/test-page';
import { AccountScreen } from './account-screen';
import { LockScreen } from './lock-screen';

const press = async (testId: string) => fireEvent.click(await screen.findByTestId(testId));

test('where the company has a sign-in page, a button opens it; the waiting can be canceled', async () => {
  await renderPage(() => <AccountScreen />, {}, 'phase=signed_out&browser');
  expect((await screen.findByTestId('signin-browser')).textContent).toContain('한빛 통합 로그인');
  await press('signin-browser');
  await press('browser-cancel');
  expect(await screen.findByTestId('signin-username')).toBeTruthy();
});

test('where it has none, there is no button', async () => {
  await renderPage(() => <AccountScreen />, {}, 'phase=signed_out');
  await screen.findByTestId('signin-username');
  expect(screen.queryByTestId('signin-browser')).toBeNull();
});

test('who has no password unlocks by the browser', async () => {
  const unlockByBrowser = vi.fn<Bridge['unlockByBrowser']>(async () => undefined);
  await renderPage(() => <LockScreen />, { unlockByBrowser }, 'locked&browser');
  await press('lock-submit');
  await waitFor(() => expect(unlockByBrowser).toHaveBeenCalledOnce());
  expect(screen.queryByTestId('lock-password')).toBeNull();
});
