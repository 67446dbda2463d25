import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { Profile } from '@/bridge/types';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import { renderPage } from '@/test-page';
import { ActionDialog, type MemberAction } from './action-dialog';
import { DeleteDialog } from './delete-dialog';
import { MemberDialog } from './member-dialog';
import { MembersSection } from './members-section';

const nothing = () => undefined;
const admin = { subject: undefined, role: 'owner', onSection: nothing, onPerson: nothing, onRoom: nothing };

/** Renders something of the section for an owner, with somebody of the fake company who is not the owner himself. */
async function render(view: (member: Profile) => React.ReactNode, calls: Partial<Bridge> = {}) {
  let member: Profile | undefined;
  await renderPage(({ mirror }) => {
    const { people, state } = mirror.getState();
    member = [...people.values()].find((one) => one.user_uuid !== state.me?.user_uuid && one.state === 'active');
    return (
      <ToastProvider>
        <AdminProvider admin={admin}>{member && view(member)}</AdminProvider>
      </ToastProvider>
    );
  }, calls);
  if (!member) throw new Error('the fake company has nobody');
  return member;
}

const act = (action: MemberAction) => (member: Profile) => (
  <ActionDialog action={action} people={[member]} onDone={nothing} onClose={nothing} />
);

test('nobody found is said, and what is chosen counts only while it is in view', async () => {
  await render(() => <MembersSection />);
  fireEvent.click(screen.getByTestId('members-all'));
  expect(screen.getByTestId('members-count').textContent).toContain('선택');
  expect(screen.getByTestId('bulk-disable')).toBeTruthy();
  fireEvent.change(screen.getByTestId('members-search'), { target: { value: '없는사람없는사람' } });
  expect(await screen.findByTestId('members-empty')).toBeTruthy();
  expect(screen.queryByTestId('bulk-disable')).toBeNull();
});

test('disabling asks for a reason', async () => {
  const changeAccounts = vi.fn<Bridge['changeAccounts']>(async ([uuid = '']) => [{ user_uuid: uuid, changed: true }]);
  const member = await render(act('disable'), { changeAccounts });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  expect(await screen.findByText('사유를 적어 주세요.')).toBeTruthy();
  expect(changeAccounts).not.toHaveBeenCalled();
  fireEvent.change(screen.getByTestId('action-reason'), { target: { value: ' 휴직 ' } });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() =>
    expect(changeAccounts).toHaveBeenCalledWith([member.user_uuid], { action: 'disable', role: '', reason: '휴직' }),
  );
});

test('signing out goes to the server a thousand people at a time', async () => {
  const changeAccounts = vi.fn<Bridge['changeAccounts']>(async () => []);
  const people = (member: Profile) =>
    Array.from({ length: 1_500 }, (_, at) => Object.assign({}, member, { user_uuid: `u${at}` }));
  await render(
    (member) => <ActionDialog action="sign_out" people={people(member)} onDone={nothing} onClose={nothing} />,
    { changeAccounts },
  );
  fireEvent.change(screen.getByTestId('action-reason'), { target: { value: '점검' } });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(changeAccounts.mock.calls.map(([uuids]) => uuids.length)).toEqual([1_000, 500]));
  expect(changeAccounts).toHaveBeenLastCalledWith(expect.anything(), { action: 'sign_out', role: '', reason: '점검' });
});

test('those for whom it was refused are named with the reason', async () => {
  const refused = { code: 'conflict', reason: 'last_owner', message: '', request_id: '', retry_ms: 0 };
  const member = await render(act('role'), {
    changeAccounts: async ([uuid = '']) => [{ user_uuid: uuid, changed: false, refused }],
  });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  const list = await screen.findByTestId('action-refused');
  expect(within(list).getByText(member.name)).toBeTruthy();
  expect(list.textContent).toContain('마지막 소유자는 바꿀 수 없습니다.');
});

test('only what was changed is saved', async () => {
  const changePerson = vi.fn<Bridge['changePerson']>(async (uuid) => {
    throw new Error(`{"code":"conflict","reason":"taken","message":"${uuid}","request_id":"r7","retry_ms":0}`);
  });
  const member = await render((one) => <MemberDialog member={one} onAction={nothing} onClose={nothing} />, {
    changePerson,
  });
  fireEvent.change(await screen.findByTestId('member-grade'), { target: { value: '부장 ' } });
  fireEvent.click(screen.getByTestId('member-save'));
  await waitFor(() => expect(changePerson).toHaveBeenCalledWith(member.user_uuid, { grade: '부장' }));
  expect(await screen.findByTestId('member-problem')).toBeTruthy();
});

test('a deletion wants a reason and the name, and can be cancelled while it is at work', async () => {
  const cancelBackup = vi.fn<Bridge['cancelBackup']>(async () => undefined);
  const member = await render((one) => <DeleteDialog member={one} onClose={nothing} />, { cancelBackup });
  fireEvent.change(screen.getByTestId('delete-reason'), { target: { value: '퇴사' } });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  expect(await screen.findByText('이름이 다릅니다.')).toBeTruthy();
  fireEvent.change(screen.getByTestId('delete-name'), { target: { value: member.name } });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  const progress = await screen.findByTestId('delete-progress');
  expect(progress.dataset['state']).toBe('running');
  fireEvent.click(screen.getByTestId('delete-cancel'));
  await waitFor(() => expect(cancelBackup).toHaveBeenCalledTimes(1));
});
