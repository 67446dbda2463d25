import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { Statistics } from '@/bridge/types';
import { AdminProvider } from '@/features/admin/admin-context';
import { renderPage } from '@/test-page';
import { DashboardSection } from './dashboard-section';

const nothing = () => undefined;
const at = new Date(2026, 10, 26, 14, 30).getTime();
const hour = Math.floor(at / 3_600_000);

const stats: Statistics = {
  at,
  active: 3,
  away: 1,
  dnd: 0,
  people: 9,
  online_slots: [[Math.floor(at / 300_000) - 1, 4]],
  online_hours: [[hour, 4]],
  messages: [[hour - 1, 12]],
  sign_ups: [],
  bytes: 1024,
  files: 2,
  quota: 0,
  kinds: [{ extension: 'pdf', files: 2, bytes: 1024 }],
  waiting_users: 2,
  oldest_user: at - 60_000,
  waiting_resets: 0,
  oldest_reset: 0,
  counted: 0,
  written: 0,
  kinds_unknown: false,
};

async function show(role: string, statistics: Bridge['statistics'], onSection: (section?: string) => void = nothing) {
  const admin = { subject: undefined, role, onSection, onPerson: nothing, onRoom: nothing };
  await renderPage(
    () => (
      <AdminProvider admin={admin}>
        <DashboardSection />
      </AdminProvider>
    ),
    { statistics },
  );
}

test('the figures are there, also for who does not see the charts', async () => {
  const statistics = vi.fn<Bridge['statistics']>(async () => stats);
  const onSection = vi.fn<(section?: string) => void>();
  await show('admin', statistics, onSection);
  expect((await screen.findByTestId('card-online')).textContent).toContain('4 / 9명');
  expect(screen.getByTestId('card-messages').textContent).toContain('12');
  expect(within(screen.getByRole('table', { name: '시간대별 메시지' })).getByText('12')).toBeTruthy();
  expect(screen.getByText('PDF')).toBeTruthy();
  fireEvent.click(screen.getByText('승인 보기'));
  expect(onSection).toHaveBeenCalledWith('approvals');
  fireEvent.click(screen.getByText('30일'));
  await waitFor(() => expect(statistics).toHaveBeenLastCalledWith(30));
});

test('what is still being counted says how far, and comes by itself', async () => {
  let counted = 430_000;
  const statistics = vi.fn<Bridge['statistics']>(async () =>
    counted < 1_000_000
      ? { ...stats, messages: [], kinds: [], counted, written: 1_000_000, kinds_unknown: true }
      : stats,
  );
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  await show('admin', statistics);
  expect((await screen.findByTestId('counting')).textContent).toContain('43%');
  expect(screen.getByText('파일 종류를 세는 중입니다')).toBeTruthy();
  counted = 1_000_000;
  await act(() => vi.advanceTimersByTimeAsync(2000));
  expect(screen.queryByTestId('counting')).toBeNull();
  expect(screen.getByText('PDF')).toBeTruthy();
});

test('the server in short: what is not well stands first', async () => {
  const onSection = vi.fn<(section?: string) => void>();
  await show('owner', async () => stats, onSection);
  const rows = await screen.findAllByTestId('server-row');
  const states = rows.map((row) => row.dataset.state);
  const order = ['bad', 'warn', 'ok', 'off'];
  expect(states.filter((state) => state === 'bad' || state === 'warn').length).toBeGreaterThan(0);
  expect(states[0]).toBe(states.toSorted((a, b) => order.indexOf(a ?? '') - order.indexOf(b ?? ''))[0]);
  fireEvent.click(screen.getByLabelText('서버 모두 보기'));
  expect(onSection).toHaveBeenCalledWith('health');
});

test('an auditor is not sent to the approvals', async () => {
  await show('auditor', async () => stats);
  await screen.findByTestId('card-waiting');
  expect(screen.queryByText('승인 보기')).toBeNull();
});

test('what waits and was done last stands below, by role', async () => {
  const onSection = vi.fn<(section?: string) => void>();
  await show('admin', async () => stats, onSection);
  const waiting = await screen.findByTestId('list-sign-ups');
  await waitFor(() => expect(within(waiting).getAllByRole('listitem')).toHaveLength(3));
  const acts = screen.getByTestId('list-acts');
  await waitFor(() => expect(within(acts).getAllByRole('listitem')).toHaveLength(5));
  expect(within(screen.getByTestId('list-resets')).getByText('비밀번호 재설정')).toBeTruthy();
  fireEvent.click(within(acts).getByText('모두 보기'));
  expect(onSection).toHaveBeenCalledWith('audit');
});

test('an auditor sees the record only', async () => {
  await show('auditor', async () => stats);
  expect(await screen.findByTestId('list-acts')).toBeTruthy();
  expect(screen.queryByTestId('list-sign-ups')).toBeNull();
});
