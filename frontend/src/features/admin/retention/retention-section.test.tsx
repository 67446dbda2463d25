import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { Hold, Retention, RetentionCount, RetentionRun } from '@/bridge/types';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import type { LongListProps } from '@/features/admin/long-list';
import { chooseFirst, renderPage } from '@/test-page';
import { everyRule, percentOf, sameRules } from './retention-model';
import { RetentionSection } from './retention-section';

// jsdom lays nothing out, so a list that shows what is in view would show nothing; here all of it is, and a button is the scrolling.
vi.mock('@/features/admin/long-list', () => ({
  LongList: <T,>({ items, keyOf, more, onMore, children }: LongListProps<T>) => (
    <ul>
      {items.map((item) => (
        <li key={keyOf(item)}>{children(item)}</li>
      ))}
      {more && (
        <button type="button" data-testid="scroll" onClick={onMore}>
          more
        </button>
      )}
    </ul>
  ),
}));

const nothing = () => undefined;
const usual: Retention = {
  rules: [{ class: 'group', message_days: 30, file_days: 0 }],
  daily: false,
  window_from: 60,
  window_to: 300,
  rev: 4,
  file_policy_days: 0,
  utc_offset: 540,
  runs: [],
};
const count: RetentionCount = {
  class: 'direct',
  rooms: 2,
  messages: 1_234,
  files: 0,
  bytes: 0,
  oldest: 1,
  held_rooms: 1,
  held_messages: 5,
};

async function show(role: string, bridge: Partial<Bridge> = {}) {
  const admin = { subject: undefined, role, onSection: nothing, onPerson: nothing, onRoom: nothing };
  await renderPage(
    () => (
      <ToastProvider>
        <AdminProvider admin={admin}>
          <RetentionSection />
        </AdminProvider>
      </ToastProvider>
    ),
    { retention: async () => usual, holds: async () => ({ holds: [], next: 0 }), ...bridge },
  );
  await screen.findByTestId('retention-rules');
}

test('nothing is saved before it was seen what goes, and the word was typed', async () => {
  const previewRetention = vi.fn<Bridge['previewRetention']>(async () => [count]);
  const setRetention = vi.fn<Bridge['setRetention']>(async (policy) => policy);
  await show('owner', { previewRetention, setRetention });
  fireEvent.change(screen.getByTestId('message_days-direct'), { target: { value: '90' } });
  fireEvent.click(screen.getByTestId('retention-save'));
  expect((await screen.findByTestId('retention-preview')).textContent).toContain('1,234');
  fireEvent.click(screen.getByTestId('retention-ok'));
  expect(await screen.findByText('입력한 말이 다릅니다.')).toBeTruthy();
  expect(setRetention).not.toHaveBeenCalled();
  fireEvent.change(screen.getByTestId('retention-word'), { target: { value: '삭제' } });
  fireEvent.click(screen.getByTestId('retention-ok'));
  await waitFor(() => expect(setRetention).toHaveBeenCalledTimes(1));
  expect(setRetention.mock.calls[0]?.[0]).toMatchObject({
    rev: 4,
    rules: [{ class: 'direct', message_days: 90 }, { class: 'group', message_days: 30 }, {}, {}, {}],
  });
});

test('what the server says of the rules and of the window stands there', async () => {
  const fields = [
    { field: 'rules', message: '보관 기간이 너무 깁니다.' },
    { field: 'window_from', message: '시각이 올바르지 않습니다.' },
  ];
  await show('owner', {
    previewRetention: async () => {
      throw new Error(
        JSON.stringify({ code: 'bad_request', reason: '', message: '', request_id: '', retry_ms: 0, fields }),
      );
    },
  });
  fireEvent.change(screen.getByTestId('message_days-direct'), { target: { value: '90' } });
  fireEvent.click(screen.getByTestId('retention-save'));
  const card = screen.getByTestId('retention-rules');
  await waitFor(() => expect(card.textContent).toContain('보관 기간이 너무 깁니다.'));
  expect(card.textContent).toContain('시각이 올바르지 않습니다.');
  expect(screen.queryByTestId('retention-preview')).toBeNull();
});

test('a run is begun at once or in the window, with the word', async () => {
  const startRetention = vi.fn<Bridge['startRetention']>(async () => undefined);
  await show('admin', { previewRetention: async () => [count], startRetention });
  fireEvent.click(screen.getByTestId('retention-run'));
  fireEvent.change(await screen.findByTestId('retention-word'), { target: { value: '삭제' } });
  fireEvent.click(screen.getByTestId('retention-now'));
  fireEvent.click(screen.getByTestId('retention-ok'));
  await waitFor(() => expect(startRetention).toHaveBeenCalledWith(false, 4));
});

test('an auditor looks and changes nothing', async () => {
  await show('auditor');
  expect(screen.queryByTestId('retention-save')).toBeNull();
  expect((screen.getByTestId('message_days-direct') as HTMLInputElement).disabled).toBe(true);
});

test('a hold asks for whom and why', async () => {
  const placeHold = vi.fn<Bridge['placeHold']>(async () => undefined);
  await show('admin', { placeHold });
  fireEvent.click(screen.getByTestId('hold-place'));
  fireEvent.click(await screen.findByTestId('confirm-ok'));
  expect(await screen.findByText('대상을 고르세요.')).toBeTruthy();
  fireEvent.click(screen.getByTestId('subject-person'));
  const subject = await chooseFirst();
  fireEvent.change(screen.getByTestId('hold-reason'), { target: { value: ' 소송 ' } });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(placeHold).toHaveBeenCalledWith('person', subject, '소송'));
});

test('holds come by page, and one that ended says why', async () => {
  const hold = (index: number): Hold => ({
    hold_uuid: `h${index}`,
    subject_kind: 'person',
    subject_uuid: `u${index}`,
    subject_name: `사람${index}`,
    people: [],
    rooms: 0,
    reason: '소송',
    placed_by: '',
    placed_at: 1,
    ended_by: '',
    ended_at: 2,
    end_reason: '끝남',
  });
  const holds = vi.fn<Bridge['holds']>(async (before) =>
    before === 0 ? { holds: [hold(1)], next: 70 } : { holds: [hold(2)], next: 0 },
  );
  await show('owner', { holds });
  fireEvent.click(await screen.findByTestId('scroll'));
  await waitFor(() => expect(screen.getAllByTestId('hold-row')).toHaveLength(2));
  expect(screen.queryByTestId('scroll')).toBeNull();
  expect(holds.mock.calls).toEqual([[0], [70]]);
  expect(screen.getAllByTestId('hold-row')[1]?.textContent).toContain('소송 → 끝남');
});

test('the rules are compared class by class', () => {
  expect(sameRules(usual, { ...usual, rules: everyRule(usual.rules) })).toBe(true);
  expect(sameRules(usual, { ...usual, rules: [] })).toBe(false);
  expect(sameRules(usual, { ...usual, daily: true })).toBe(false);
});

test.each([
  [0, 0, 0],
  [200, 50, 25],
  [10, 20, 100],
])('of %i due, %i done is %i%%', (due, done, percent) => {
  const run: RetentionRun = {
    run_uuid: '',
    state: 'running',
    phase: 'messages',
    in_window: false,
    requested_by: '',
    started_at: 0,
    updated_at: 0,
    finished_at: 0,
    due_messages: due,
    due_files: 0,
    messages: done,
    files: 0,
    bytes: 0,
  };
  expect(percentOf(run)).toBe(percent);
});
