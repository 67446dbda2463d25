import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { AdminNotice } from '@/bridge/types';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import { chooseDay, renderPage } from '@/test-page';
import { dueDay, endOf } from './due-day';
import { NoticeForm } from './notice-form';
import { NoticesSection } from './notices-section';
import { WithdrawDialog } from './withdraw-dialog';

const nothing = () => undefined;
const first = '00000000-0000-4000-a000-000000000001';

const within = (view: React.ReactNode, subject?: string) => (
  <ToastProvider>
    <AdminProvider admin={{ subject, role: 'admin', onSection: nothing, onPerson: nothing, onRoom: nothing }}>
      {view}
    </AdminProvider>
  </ToastProvider>
);

const notice: AdminNotice = {
  notice_uuid: first,
  author_uuid: 'a',
  author_name: '권나라',
  title: '제목',
  text: '내용',
  confirm: true,
  due_at: endOf(new Date(2030, 0, 2).getTime()) - 3_600_000,
  department_uuids: [],
  rev: 4,
  created_at: 1,
  edited_at: 0,
  reminded_at: 0,
  withdrawn_at: 0,
  asked: 9,
  read: 5,
  confirmed: 4,
};

const set = (testId: string, value: string) => fireEvent.change(screen.getByTestId(testId), { target: { value } });

const conflict = '{"code":"conflict","reason":"edit_conflict","message":"","request_id":"","retry_ms":0}';

test('a notice is written for departments, with a day until which it is to be confirmed', async () => {
  const writeNotice = vi.fn<Bridge['writeNotice']>(async () => undefined);
  const done = vi.fn<() => void>();
  const { session } = await renderPage(() => within(<NoticeForm onDone={done} onClose={nothing} />), { writeNotice });
  fireEvent.click(await screen.findByTestId('notice-save'));
  expect(await screen.findAllByText('적어 주세요.')).toHaveLength(2);
  expect(writeNotice).not.toHaveBeenCalled();
  const [department = ''] = session.mirror.getState().departments.keys();
  set('notice-title', ' 점검 ');
  set('notice-text', '오늘 합니다');
  await chooseDay('notice-due', 2030, 0, 2);
  set('notice-department', department);
  fireEvent.click(screen.getByTestId('notice-save'));
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(writeNotice).toHaveBeenCalledWith({
    title: '점검',
    text: '오늘 합니다',
    confirm: true,
    due_at: endOf(new Date(2030, 0, 2).getTime()),
    department_uuids: [department],
  });
});

test('when another was first his words are shown, and mine are saved over them only then', async () => {
  const editNotice = vi.fn<Bridge['editNotice']>().mockRejectedValueOnce(new Error(conflict));
  editNotice.mockResolvedValueOnce(undefined);
  const noticeStatus = async () => ({ notice: { ...notice, title: '남의 제목', rev: 6 }, departments: [] });
  const done = vi.fn<() => void>();
  await renderPage(() => within(<NoticeForm notice={notice} onDone={done} onClose={nothing} />), {
    editNotice,
    noticeStatus,
  });
  await screen.findByTestId('notice-title');
  set('notice-title', '내 제목');
  fireEvent.click(screen.getByTestId('notice-save'));
  fireEvent.click(await screen.findByTestId('notice-compare'));
  expect((await screen.findByTestId('notice-theirs')).textContent).toContain('남의 제목');
  expect((screen.getByTestId('notice-title') as HTMLInputElement).value).toBe('내 제목');
  fireEvent.click(screen.getByTestId('notice-save'));
  await waitFor(() => expect(done).toHaveBeenCalled());
  const revs = editNotice.mock.calls.map(([, change]) => [change.base_rev, change.title, change.due_at]);
  expect(revs).toEqual([
    [4, '내 제목', notice.due_at],
    [6, '내 제목', notice.due_at],
  ]);
});

test('withdrawing asks why', async () => {
  const withdrawNotice = vi.fn<Bridge['withdrawNotice']>(async () => undefined);
  await renderPage(() => within(<WithdrawDialog notice={notice} onDone={nothing} onClose={nothing} />), {
    withdrawNotice,
  });
  fireEvent.click(await screen.findByTestId('confirm-ok'));
  expect(await screen.findByText('사유를 적어 주세요.')).toBeTruthy();
  set('withdraw-reason', '오타');
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(withdrawNotice).toHaveBeenCalledWith(first, '오타'));
});

test('one notice: its departments narrow the people, and a second reminder says why not', async () => {
  const noticePeople = vi.fn<Bridge['noticePeople']>(async () => ({ people: [], next: 0 }));
  const remindNotice = () => Promise.reject(new Error(conflict.replace('edit_conflict', 'reminded')));
  await renderPage(() => within(<NoticesSection />, first), { noticePeople, remindNotice });
  const [department] = await screen.findAllByTestId('notice-status-department');
  if (!department) throw new Error('no department');
  fireEvent.click(department);
  await waitFor(() => expect(noticePeople.mock.lastCall?.[1].department).not.toBe(''));
  expect(noticePeople.mock.lastCall?.[1].settled).toBe('no');
  fireEvent.click(screen.getByTestId('notice-remind'));
  expect((await screen.findByTestId('notice-act-failed')).textContent).toContain('한 시간에 한 번만');
});

test('without any it says so; a failure offers another try', async () => {
  let fails = true;
  const allNotices = async () => {
    if (fails) throw new Error('{"code":"timeout","reason":"","message":"","request_id":"","retry_ms":0}');
    return { notices: [], next: 0 };
  };
  await renderPage(() => within(<NoticesSection />), { allNotices });
  const retry = await screen.findByText('다시 시도');
  fails = false;
  fireEvent.click(retry);
  expect(await screen.findByTestId('admin-notices-empty')).toBeTruthy();
});

test('a due date ends with its day', () => {
  const day = new Date(2026, 11, 4).getTime();
  expect(endOf(day)).toBe(new Date(2026, 11, 4, 23, 59).getTime());
  expect(dueDay(endOf(day))).toBe(day);
  expect([dueDay(0), endOf(0)]).toEqual([0, 0]);
});
