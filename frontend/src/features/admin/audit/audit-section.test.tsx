import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { AuditEntry } from '@/bridge/types';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import { resources } from '@/i18n/resources';
import { chooseDay, renderPage } from '@/test-page';
import { AuditRow } from './audit-row';
import { AuditSection } from './audit-section';
import { EntryDialog } from './entry-dialog';

const nothing = () => undefined;
const admin = { subject: undefined, role: 'auditor', onSection: nothing, onPerson: nothing, onRoom: nothing };

function render(calls: Partial<Bridge>) {
  return renderPage(
    () => (
      <ToastProvider>
        <AdminProvider admin={admin}>
          <AuditSection />
        </AdminProvider>
      </ToastProvider>
    ),
    calls,
  );
}

const none: Bridge['auditEntries'] = async () => ({ entries: [], next: 0 });
const check = { whole: true, entries: 100_000, head: '', signed: 99_999, fault: '', took_ms: 762 };

test('the filter goes to the server, a day until its end, and nothing found is said', async () => {
  const auditEntries = vi.fn<Bridge['auditEntries']>(none);
  await render({ auditEntries });
  await screen.findByTestId('audit-empty');
  fireEvent.change(screen.getByTestId('audit-action'), { target: { value: 'role_changed' } });
  await chooseDay('audit-to', 2026, 10, 20);
  await waitFor(() =>
    expect(auditEntries).toHaveBeenLastCalledWith({
      actor: '',
      subject: '',
      action: 'role_changed',
      from: 0,
      to: new Date(2026, 10, 21).getTime(),
      before: 0,
    }),
  );
});

test('a whole chain is said with its numbers, a broken one with its entry', async () => {
  const verifyAudit = vi.fn<Bridge['verifyAudit']>(async () => check);
  await render({ auditEntries: none, verifyAudit });
  fireEvent.click(await screen.findByTestId('audit-verify'));
  expect((await screen.findByTestId('audit-whole')).textContent).toContain('100,000개를 0.8초');
  verifyAudit.mockResolvedValue({ ...check, whole: false, entries: 69_999, fault: 'entry 70000 was changed' });
  await waitFor(() => expect(screen.getByTestId('audit-verify').dataset['loading']).toBeUndefined());
  fireEvent.click(screen.getByTestId('audit-verify'));
  // Of a server that is older than this app, in its own words.
  expect((await screen.findByTestId('audit-broken')).textContent).toContain('entry 70000 was changed');
  const cut = { kind: 'end_cut', entry: 100_020, expected: 100_020, found: 99_990 };
  verifyAudit.mockResolvedValue({ ...check, whole: false, entries: 99_990, fault: 'cut off', cause: cut });
  await waitFor(() => expect(screen.getByTestId('audit-verify').dataset['loading']).toBeUndefined());
  fireEvent.click(screen.getByTestId('audit-verify'));
  await waitFor(() =>
    expect(screen.getByTestId('audit-broken').textContent).toContain(
      '100,020번까지 기록 100,020개가 서명되었는데 99,990번에서 끝납니다.',
    ),
  );
  expect(screen.queryByTestId('audit-whole')).toBeNull();
});

test('what is saved is what the filter finds', async () => {
  const saveAudit = vi.fn<Bridge['saveAudit']>(async () => true);
  await render({ auditEntries: none, saveAudit });
  fireEvent.change(await screen.findByTestId('audit-action'), { target: { value: 'user_deleted' } });
  fireEvent.click(screen.getByTestId('audit-save'));
  await waitFor(() => expect(saveAudit).toHaveBeenLastCalledWith(expect.objectContaining({ action: 'user_deleted' })));
});

test('a failure offers another try', async () => {
  let fails = true;
  await render({
    auditEntries: async (query) => {
      if (fails) throw new Error('{"code":"offline","reason":"","message":"","request_id":"","retry_ms":0}');
      return none(query);
    },
  });
  const retry = await screen.findByText('다시 시도');
  fails = false;
  fireEvent.click(retry);
  expect(await screen.findByTestId('audit-empty')).toBeTruthy();
});

const entry: AuditEntry = {
  id: 7,
  at: 1,
  actor_uuid: '',
  actor_name: '',
  action: 'a_newer_act',
  subject: 'x',
  subject_name: '',
  subject_username: '',
  detail: '<b>사유</b>',
  address: '10.0.0.1',
};

test('an entry says all it holds as text', async () => {
  await renderPage(() => <EntryDialog entry={entry} onClose={nothing} />, {});
  const text = (await screen.findByTestId('audit-entry')).textContent;
  for (const part of ['시스템', 'a_newer_act', '<b>사유</b>', '10.0.0.1']) expect(text).toContain(part);
});

test('an act is said in words, and an auditor finds what the record calls it', async () => {
  await renderPage(() => <EntryDialog entry={{ ...entry, action: 'user_rejected' }} onClose={nothing} />, {});
  const text = (await screen.findByTestId('audit-entry')).textContent;
  expect(text).toContain('가입 반려');
  expect(text).toContain('user_rejected');
});

test('who waits for an approval or was rejected is named, though no directory has him', async () => {
  const subject = '00000000-0000-4000-8000-0000000000aa';
  const pending = { ...entry, action: 'user_registered', subject, subject_name: '한지우', subject_username: 'jiu.han' };
  await renderPage(() => (
    <>
      <AuditRow entry={pending} onOpen={nothing} />
      <EntryDialog entry={pending} onClose={nothing} />
    </>
  ));
  const row = screen.getByTestId('audit-row').textContent;
  expect(row).toContain('한지우 (jiu.han)');
  expect(row).not.toContain(subject);
  // The entry itself has the id, and is shown as it is.
  expect((await screen.findByTestId('audit-entry')).textContent).toContain(subject);
});

test('every act that a server records has a name in both languages', () => {
  const source = readFileSync(path.join(import.meta.dirname, '../../../../../server/internal/model/audit.go'), 'utf8');
  const recorded = [...source.matchAll(/^\tAudit\w+ +AuditAction = "(\w+)"/gm)].map(([, action]) => action);
  expect(recorded.length).toBeGreaterThan(50);
  for (const language of ['ko', 'en'] as const) {
    expect(Object.keys(resources[language].audit.action).toSorted()).toEqual(recorded.toSorted());
  }
});
