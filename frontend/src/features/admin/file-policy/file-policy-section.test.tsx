import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import { renderPage } from '@/test-page';
import { FilePolicySection } from './file-policy-section';

const nothing = () => undefined;
const admin = { subject: undefined, role: 'admin', onSection: nothing, onPerson: nothing, onRoom: nothing };

async function show(bridge: Partial<Bridge> = {}) {
  await renderPage(
    () => (
      <ToastProvider>
        <AdminProvider admin={admin}>
          <FilePolicySection />
        </AdminProvider>
      </ToastProvider>
    ),
    bridge,
  );
  await screen.findByTestId('file-policy');
}

test('what was changed goes to the server, the rest as it was', async () => {
  const setFilePolicy = vi.fn<Bridge['setFilePolicy']>(async () => {
    throw new Error('{"code":"conflict","reason":"","message":"","request_id":"","retry_ms":0}');
  });
  await show({ setFilePolicy });
  fireEvent.change(screen.getByTestId('policy-size'), { target: { value: '25' } });
  fireEvent.click(screen.getByTestId('policy-type-hwp'));
  fireEvent.click(screen.getByTestId('policy-save'));
  await waitFor(() => expect(setFilePolicy).toHaveBeenCalledTimes(1));
  const [sent] = setFilePolicy.mock.calls[0] ?? [];
  expect(sent).toMatchObject({ max_bytes: 25 * 1024 ** 2, total_quota: 500 * 1024 ** 3, retention_days: 0, rev: 1 });
  expect(sent?.types).toContain('hwp');
  // Another administrator was first: what was chosen stays in the form.
  expect(await screen.findByTestId('policy-conflict')).toBeTruthy();
  expect((screen.getByTestId('policy-size') as HTMLInputElement).value).toBe('25MB');
});

test('files that go are named before it is saved', async () => {
  await show();
  fireEvent.change(screen.getByTestId('policy-days'), { target: { value: '30' } });
  expect(await screen.findByText(/30일이 지난 파일/)).toBeTruthy();
});
