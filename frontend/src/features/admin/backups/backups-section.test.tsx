import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { Backup } from '@/bridge/types';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import { renderPage } from '@/test-page';
import { BackupDialog } from './backup-dialog';
import { BackupRow } from './backup-row';
import { BackupsSection } from './backups-section';

const nothing = () => undefined;
const admin = { subject: undefined, role: 'owner', onSection: nothing, onPerson: nothing, onRoom: nothing };

const backup: Backup = {
  backup_uuid: 'b1',
  user_uuid: 'u1',
  name: '최현우',
  reason: '퇴사',
  state: 'done',
  failure: '',
  protected: false,
  rooms: 24,
  rooms_done: 24,
  messages: 10,
  files: 3,
  size: 1024,
  sha256: 'abc',
  requested_by: '',
  requested_at: 1,
  finished_at: 2,
  expires_at: 3,
};

const render = (view: React.ReactNode, calls: Partial<Bridge> = {}, query = '') =>
  renderPage(
    () => (
      <ToastProvider>
        <AdminProvider admin={admin}>{view}</AdminProvider>
      </ToastProvider>
    ),
    calls,
    query,
  );

test('without any it says so', async () => {
  await render(<BackupsSection />, {}, 'empty');
  expect(await screen.findByTestId('backups-empty')).toBeTruthy();
});

test('a failure offers another try', async () => {
  let fails = true;
  await render(<BackupsSection />, {
    backups: async () => {
      if (fails) throw new Error('{"code":"offline","reason":"","message":"","request_id":"","retry_ms":0}');
      return { backups: [], next: 0 };
    },
  });
  const retry = await screen.findByText('다시 시도');
  fails = false;
  fireEvent.click(retry);
  expect(await screen.findByTestId('backups-empty')).toBeTruthy();
});

test('it is asked for again until none is at work', async () => {
  const states: Backup['state'][] = ['running', 'done'];
  const backups = vi.fn<Bridge['backups']>(async () => ({
    backups: [{ ...backup, state: states.shift() ?? 'done' }],
    next: 0,
  }));
  await render(<BackupsSection />, { backups });
  await waitFor(() => expect(backups).toHaveBeenCalledTimes(2));
});

test.each([
  [{ state: 'done' }, true, true, ['backup-save']],
  [{ state: 'done' }, false, true, []],
  [{ state: 'running' }, true, true, ['backup-cancel']],
  [{ state: 'running' }, true, false, []],
  [{ state: 'failed', failure: 'disk_full' }, true, true, []],
] as const)('%o, may save %s, may cancel %s', async (change, maySave, mayCancel, wanted) => {
  await render(
    <BackupRow
      backup={{ ...backup, ...change }}
      maySave={maySave}
      mayCancel={mayCancel}
      onOpen={nothing}
      onSave={nothing}
      onCancel={nothing}
    />,
  );
  const row = screen.getByTestId('backup-row');
  const buttons = [...row.querySelectorAll('[data-testid]')].map((one) => one.getAttribute('data-testid'));
  expect(buttons).toEqual(wanted);
});

test.each([
  [false, '보관 열쇠로 엽니다', 'himsg-server backup-open --data=DIR --out=DIR b1.age'],
  [true, '암호 문구가 모두 있어야', 'himsg-server backup-open --data=DIR --out=DIR --passphrase-stdin b1.age'],
])('it says how it is opened, protected %s', async (locked, words, command) => {
  await render(<BackupDialog backup={{ ...backup, protected: locked }} maySave onClose={nothing} />);
  const facts = screen.getByTestId('backup-facts');
  expect(facts.textContent).toContain(words);
  expect(facts.textContent).toContain(command);
});
