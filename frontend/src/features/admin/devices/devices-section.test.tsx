import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { PersonDevice } from '@/bridge/types';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import { renderPage } from '@/test-page';
import { DevicesSection } from './devices-section';
import { RemoveDialog } from './remove-dialog';

const nothing = () => undefined;
const admin = { subject: undefined, role: 'admin', onSection: nothing, onPerson: nothing, onRoom: nothing };

const device: PersonDevice = {
  session_uuid: 's1',
  name: 'PC-1',
  platform: 'windows',
  app_version: '',
  address: '',
  signed_in_at: 0,
  last_seen_at: 0,
  current: false,
  user_uuid: 'u1',
  person_name: '김서연',
  username: 'seoyeon.kim',
  department: '',
};

test('the filter goes to the server, and nothing found is said', async () => {
  const peopleDevices = vi.fn<Bridge['peopleDevices']>(async () => ({ devices: [], next: 0 }));
  await renderPage(
    () => (
      <AdminProvider admin={admin}>
        <DevicesSection />
      </AdminProvider>
    ),
    { peopleDevices },
  );
  await screen.findByTestId('devices-empty');
  fireEvent.change(screen.getByTestId('devices-search'), { target: { value: ' 김 ' } });
  fireEvent.change(screen.getByTestId('devices-platform'), { target: { value: 'linux' } });
  await waitFor(() => expect(peopleDevices).toHaveBeenLastCalledWith({ text: '김', platform: 'linux', before: 0 }));
});

test('a failure offers another try', async () => {
  let fails = true;
  await renderPage(
    () => (
      <AdminProvider admin={admin}>
        <DevicesSection />
      </AdminProvider>
    ),
    {
      peopleDevices: async () => {
        if (fails) throw new Error('{"code":"offline","reason":"","message":"","request_id":"","retry_ms":0}');
        return { devices: [], next: 0 };
      },
    },
  );
  const retry = await screen.findByText('다시 시도');
  fails = false;
  fireEvent.click(retry);
  expect(await screen.findByTestId('devices-empty')).toBeTruthy();
});

test('signing out asks for a reason, and for one device or all', async () => {
  const removeDevices = vi.fn<Bridge['removeDevices']>(async () => 3);
  await renderPage(
    () => (
      <ToastProvider>
        <RemoveDialog device={device} onDone={nothing} onClose={nothing} />
      </ToastProvider>
    ),
    { removeDevices },
  );
  fireEvent.click(await screen.findByTestId('confirm-ok'));
  expect(await screen.findByText('사유를 적어 주세요.')).toBeTruthy();
  expect(removeDevices).not.toHaveBeenCalled();
  fireEvent.change(screen.getByTestId('remove-reason'), { target: { value: '분실 신고' } });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(removeDevices).toHaveBeenLastCalledWith('u1', 's1', '분실 신고'));
  await waitFor(() => expect(screen.getByTestId('confirm-ok').dataset['loading']).toBeUndefined());
  fireEvent.click(screen.getByTestId('remove-all'));
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(removeDevices).toHaveBeenLastCalledWith('u1', '', '분실 신고'));
});
