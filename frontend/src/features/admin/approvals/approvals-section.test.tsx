import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { OneTimeCode } from '@/bridge/types';
import { AdminProvider } from '@/features/admin/admin-context';
import { renderPage } from '@/test-page';
import { ApprovalsSection } from './approvals-section';

const nothing = () => undefined;
const admin = { subject: undefined, role: 'admin', onSection: nothing, onPerson: nothing, onRoom: nothing };

function section() {
  return (
    <AdminProvider admin={admin}>
      <ApprovalsSection />
    </AdminProvider>
  );
}

test('a lost password shows the code to compare, and is approved by it', async () => {
  const approveReset = vi.fn<() => Promise<void>>().mockResolvedValue();
  await renderPage(section, { approveReset });
  const [card] = await screen.findAllByTestId('reset-card', undefined, { timeout: 3_000 });
  expect(within(card as HTMLElement).getByTestId('reset-compare').textContent).toBe('482 913');
  await userEvent.click(within(card as HTMLElement).getByTestId('reset-approve'));
  expect(approveReset).toHaveBeenCalledWith(1);
});

test('who is second reads who was first', async () => {
  const refusal = {
    code: 'conflict',
    reason: 'decided',
    message: '김대표 님이 이미 처리했습니다.',
    request_id: '',
    retry_ms: 0,
  };
  await renderPage(section, { approve: () => Promise.reject(new Error(JSON.stringify(refusal))) });
  const [approve] = await screen.findAllByTestId('pending-approve', undefined, { timeout: 3_000 });
  await userEvent.click(approve as HTMLElement);
  expect((await screen.findByTestId('decided-by')).textContent).toContain('김대표 님이');
});

test('a one-time code is made only when it is asked for, and shown', async () => {
  const makeResetCode = vi
    .fn<() => Promise<OneTimeCode>>()
    .mockResolvedValue({ code: 'K7PM-3XQD', expires_at: 4_000_000_000_000 });
  await renderPage(section, { makeResetCode });
  const [lost] = await screen.findAllByTestId('reset-code', undefined, { timeout: 3_000 });
  await userEvent.click(lost as HTMLElement);
  expect(makeResetCode).not.toHaveBeenCalled();
  await userEvent.click(await screen.findByTestId('confirm-ok'));
  expect((await screen.findByTestId('one-time-code')).textContent).toBe('K7PM-3XQD');
});

test('the lists follow what the server pushes', async () => {
  let waiting = 2;
  const { session } = await renderPage(section, {
    pendingResets: async () => [],
    pendingUsers: async () => {
      waiting -= 1;
      return [];
    },
  });
  await screen.findByTestId('resets-empty');
  session.mirror.setState((held) => ({ admin: { ...held.admin, pending_users: 9, pending_resets: 0 } }));
  await waitFor(() => expect(waiting).toBe(0));
});
