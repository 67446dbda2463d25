import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import { renderPage } from '@/test-page';
import { ServerSection } from './server-section';

const nothing = () => undefined;
const admin = { subject: undefined, role: 'admin', onSection: nothing, onPerson: nothing, onRoom: nothing };
const refusal = { code: 'bad_request', reason: '', message: '', request_id: 'r-1', retry_ms: 0 };

function render(calls: Partial<Bridge>) {
  return renderPage(
    () => (
      <ToastProvider>
        <AdminProvider admin={admin}>
          <ServerSection />
        </AdminProvider>
      </ToastProvider>
    ),
    calls,
  );
}

test('what the server says of the fields stands below them, and is gone when they are taken', async () => {
  const setProfileFields = vi.fn<Bridge['setProfileFields']>(async () => {
    const fields = [{ field: 'fields', message: '바꿀 수 없는 항목입니다.' }];
    throw new Error(JSON.stringify({ ...refusal, fields }));
  });
  await render({ profileFields: async () => ['phone'], setProfileFields });
  fireEvent.click(await screen.findByTestId('own-grade'));
  fireEvent.click(screen.getByTestId('own-save'));
  const said = await screen.findByText('바꿀 수 없는 항목입니다.');
  expect(screen.getByTestId('own-fields').contains(said)).toBe(true);
  expect(setProfileFields).toHaveBeenCalledWith(['phone', 'grade'], ['phone']);
  // What was chosen is still chosen: it is mended, and not made anew.
  expect(screen.getByTestId<HTMLInputElement>('own-grade').checked).toBe(true);
  setProfileFields.mockResolvedValue(['phone', 'grade']);
  fireEvent.click(screen.getByTestId('own-save'));
  await waitFor(() => expect(screen.queryByText('바꿀 수 없는 항목입니다.')).toBeNull());
});

test('a failure that is of no field is said with the number of its request', async () => {
  await render({
    profileFields: async () => [],
    setProfileFields: async () => {
      throw new Error(JSON.stringify({ ...refusal, code: 'internal' }));
    },
  });
  fireEvent.click(await screen.findByTestId('own-phone'));
  fireEvent.click(screen.getByTestId('own-save'));
  await waitFor(() => expect(screen.getByTestId('own-fields').textContent).toContain('r-1'));
});

test('whom another was faster than is told, and loads what is there now', async () => {
  const profileFields = vi.fn<Bridge['profileFields']>(async () => []);
  await render({
    profileFields,
    setProfileFields: async () => {
      throw new Error(JSON.stringify({ ...refusal, code: 'conflict', reason: 'edit_conflict' }));
    },
  });
  fireEvent.click(await screen.findByTestId('own-phone'));
  fireEvent.click(screen.getByTestId('own-save'));
  const told = await screen.findByTestId('own-conflict');
  profileFields.mockResolvedValue(['phone', 'email']);
  fireEvent.click(told.querySelector('button') ?? told);
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>('own-email').checked).toBe(true));
  expect(screen.queryByTestId('own-conflict')).toBeNull();
});
