import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { emptyMirror } from '@/bridge/mirror';
import type { Settings } from '@/bridge/types';
import { useMirror } from '@/bridge/session-context';
import { ToastProvider } from '@/components/toast';
import { renderPage } from '@/test-page';
import { DevicesSection } from './devices-section';
import { NetworkSection } from './network-section';
import { PasswordDialog } from './password-dialog';
import { ProfileSection } from './profile-section';
import { SystemSection } from './system-section';

const press = async (testId: string) => fireEvent.click(await screen.findByTestId(testId));

function Profile() {
  const me = useMirror((mirror) => mirror.state.me);
  return me ? <ProfileSection me={me} /> : null;
}

test('only what the server lets one change is in the form, and only what was changed goes there', async () => {
  const changeProfile = vi.fn<Bridge['changeProfile']>(async () => undefined);
  await renderPage(
    () => (
      <ToastProvider>
        <Profile />
      </ToastProvider>
    ),
    { changeProfile },
  );
  await press('profile-edit');
  expect(screen.queryByTestId('profile-email')).toBeNull();
  fireEvent.change(await screen.findByTestId('profile-birth_date'), { target: { value: '1990' } });
  await press('profile-save');
  expect(await screen.findByText('날짜를 확인해 주세요.')).toBeTruthy();
  fireEvent.change(screen.getByTestId('profile-birth_date'), { target: { value: '1990-03-04' } }); // as it was
  fireEvent.change(screen.getByTestId('profile-status_text'), { target: { value: '출장 중' } });
  await press('profile-save');
  await waitFor(() => expect(changeProfile).toHaveBeenCalledExactlyOnceWith({ status_text: '출장 중' }));
});

test('where nothing may be changed, it says who does', async () => {
  await renderPage(() => <Profile />, { myProfile: async () => ({ birth_date: '', editable: [] }) });
  expect(await screen.findByText(/프로필은 관리자가 바꿉니다/)).toBeTruthy();
  expect(screen.queryByTestId('profile-edit')).toBeNull();
  expect(screen.queryByTestId('photo-choose')).toBeNull();
});

test('what the server says of a new password stands beside it', async () => {
  const fields = [{ field: 'new_password', message: '너무 흔한 비밀번호입니다.' }];
  const changePassword = vi.fn<Bridge['changePassword']>(async () => {
    // oxlint-disable-next-line no-throw-literal -- what the bridge rejects with
    throw { code: 'bad_request', reason: 'weak_password', message: '', request_id: '', retry_ms: 0, fields };
  });
  await renderPage(
    () => (
      <ToastProvider>
        <PasswordDialog onClose={() => undefined} />
      </ToastProvider>
    ),
    { changePassword },
  );
  const type = async (testId: string, value: string) =>
    fireEvent.change(await screen.findByTestId(testId), { target: { value } });
  await type('password-current', 'correct-horse-77');
  await type('password-next', 'password1');
  await type('password-again', 'password1');
  await press('password-submit');
  expect(await screen.findByText('너무 흔한 비밀번호입니다.')).toBeTruthy();
});

test('another device is signed out after a question, this one is marked', async () => {
  await renderPage(() => (
    <ToastProvider>
      <DevicesSection />
    </ToastProvider>
  ));
  expect(await screen.findAllByTestId('device-end')).toHaveLength(2);
  expect(screen.getAllByTestId('device-current')).toHaveLength(1);
  fireEvent.click(screen.getAllByTestId('device-end')[0] as HTMLElement);
  await press('confirm-ok');
  await waitFor(() => expect(screen.getAllByTestId('device-end')).toHaveLength(1));
  await press('devices-others');
  await press('confirm-ok');
  await waitFor(() => expect(screen.queryByTestId('device-end')).toBeNull());
});

test('what the administrator has set says so, and nobody can change it', async () => {
  await renderPage(
    () => <SystemSection settings={emptyMirror.settings} onChange={() => undefined} />,
    {},
    'managed=close_to_tray',
  );
  const control = await screen.findByTestId<HTMLInputElement>('settings-close-to-tray');
  expect(control.disabled).toBe(true);
  expect(screen.getByText('관리자가 정한 설정입니다.')).toBeTruthy();
});

test('a proxy by hand is kept once its address can be one', async () => {
  const onChange = vi.fn<(change: Partial<Settings>) => void>();
  await renderPage(() => <NetworkSection settings={emptyMirror.settings} onChange={onChange} />);
  fireEvent.click(await screen.findByText('직접 입력'));
  const field = await screen.findByTestId('settings-proxy-address');
  fireEvent.change(field, { target: { value: 'proxy.company.co.kr' } });
  fireEvent.blur(field);
  expect(await screen.findByText('주소와 포트를 확인해 주세요.')).toBeTruthy();
  expect(onChange).not.toHaveBeenCalled();
  fireEvent.change(field, { target: { value: 'proxy.company.co.kr:3128' } });
  fireEvent.keyDown(field, { key: 'Enter' });
  expect(onChange).toHaveBeenCalledExactlyOnceWith({ proxy: { mode: 'manual', address: 'proxy.company.co.kr:3128' } });
});

test('what the desktop says of the hotkey stands beside it', async () => {
  const onChange = vi.fn<(change: Partial<Settings>) => void>();
  const { session } = await renderPage(() => (
    <SystemSection settings={{ ...emptyMirror.settings, hotkey: 'ctrl+alt+j' }} onChange={onChange} />
  ));
  const field = await screen.findByTestId<HTMLSelectElement>('settings-hotkey');
  expect(field.value).toBe('ctrl+alt+j'); // the policy may name any
  fireEvent.change(field, { target: { value: 'ctrl+alt+h' } });
  expect(onChange).toHaveBeenCalledExactlyOnceWith({ hotkey: 'ctrl+alt+h' });
  const says = (hotkey: string) => {
    const { state } = session.mirror.getState();
    act(() => session.mirror.setState({ state: { ...state, hotkey } }));
  };
  says('taken');
  expect(screen.getByText(/다른 프로그램이 쓰고 있는 키/)).toBeTruthy();
  says('unsupported');
  expect(screen.getByText(/Wayland/)).toBeTruthy();
  expect(field.disabled).toBe(true);
});
