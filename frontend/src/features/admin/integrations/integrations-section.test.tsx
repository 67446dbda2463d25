import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { Integration } from '@/bridge/types';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import type { LongListProps } from '@/features/admin/long-list';
import { renderPage } from '@/test-page';
import { emptyDraft, missingOf, requestOf, standingOf } from './integrations-model';
import { IntegrationsSection } from './integrations-section';

// jsdom lays nothing out, so a list that shows what is in view would show nothing; here all of it is.
vi.mock('@/features/admin/long-list', () => ({
  LongList: <T,>({ items, keyOf, children }: LongListProps<T>) => (
    <ul>
      {items.map((item) => (
        <li key={keyOf(item)}>{children(item)}</li>
      ))}
    </ul>
  ),
}));

const nothing = () => undefined;
const hook: Integration = {
  integration_uuid: '00000000-0000-4000-8000-000000000001',
  kind: 'outgoing',
  state: 'active',
  bot_uuid: '00000000-0000-4000-8000-000000000002',
  name: '주문 <script>',
  icon: '📦',
  rooms: [{ room_uuid: '00000000-0000-4000-8000-000000000003', name: '주문방', closed: true }],
  scopes: ['people:read', 'messages:write'],
  url: 'https://orders.example/in',
  created_by: '',
  created_at: 1,
  expires_at: 0,
  last_used_at: 0,
  last_failure: 'status',
  last_status: 503,
  last_failed_at: 1_700_000_000_000,
  failures: 3,
  next_try_at: 1_700_000_060_000,
  waiting: 12,
  skipped: 0,
};

async function show(role: string, bridge: Partial<Bridge> = {}, list: Integration[] = [hook]) {
  const admin = { subject: undefined, role, onSection: nothing, onPerson: nothing, onRoom: nothing };
  await renderPage(
    () => (
      <ToastProvider>
        <AdminProvider admin={admin}>
          <IntegrationsSection />
        </AdminProvider>
      </ToastProvider>
    ),
    { integrations: async () => ({ integrations: list, next: 0 }), ...bridge },
  );
}

async function act(name: string) {
  fireEvent.click(await screen.findByTestId('integration-acts'));
  fireEvent.click(await screen.findByTestId(`integration-${name}`));
}

test('a row says what it is, how it stands, what went wrong last and what waits', async () => {
  await show('auditor');
  const row = await screen.findByTestId('integration-row');
  for (const words of [
    '주문 <script>',
    '발신 웹훅',
    '다시 시도 중',
    'HTTP 503',
    '12개',
    '종료됨',
    '구성원 읽기, 메시지 쓰기',
  ]) {
    expect(row.textContent).toContain(words);
  }
  expect(row.querySelector('script')).toBeNull();
  expect(screen.queryByTestId('integration-acts')).toBeNull();
  expect(screen.queryByTestId('integration-add')).toBeNull();
});

test('a server that has no integrations yet is said to be older, and nothing can be added', async () => {
  const failure = { code: 'not_found', reason: 'older_server', message: '', request_id: '', retry_ms: 0 };
  await show('owner', { integrations: async () => Promise.reject(failure) });
  expect((await screen.findByRole('alert')).textContent).toContain('서버 업데이트가 필요합니다.');
  expect(screen.queryByTestId('integration-add')).toBeNull();
});

test('a new secret is shown once, can be copied, and the list is asked for anew', async () => {
  const rotateIntegration = vi.fn<Bridge['rotateIntegration']>(async () => ({
    integration: hook,
    secret: 'himsg_sign_x',
    address: '',
  }));
  const copyText = vi.fn<Bridge['copyText']>(async () => undefined);
  const integrations = vi.fn<Bridge['integrations']>(async () => ({ integrations: [hook], next: 0 }));
  await show('admin', { rotateIntegration, copyText, integrations });
  await act('rotate');
  fireEvent.click(await screen.findByTestId('confirm-ok'));
  expect((await screen.findByTestId('integration-secret')).textContent).toBe('himsg_sign_x');
  fireEvent.click(screen.getByTestId('integration-copy'));
  await waitFor(() => expect(copyText).toHaveBeenCalledWith('himsg_sign_x'));
  expect(integrations.mock.calls.length).toBeGreaterThan(1);
  fireEvent.click(screen.getByTestId('integration-seen'));
  await waitFor(() => expect(screen.queryByTestId('integration-secret')).toBeNull());
});

test('what waits can be passed over when a hook is enabled again', async () => {
  const setIntegration = vi.fn<Bridge['setIntegration']>(async () => undefined);
  await show('owner', { setIntegration }, [{ ...hook, state: 'failed' }]);
  expect((await screen.findByTestId('integration-row')).dataset['standing']).toBe('failed');
  await act('enable');
  fireEvent.click(await screen.findByTestId('integration-from-now'));
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(setIntegration).toHaveBeenCalledWith(hook.integration_uuid, true, true));
});

test('nothing is made without a name and a conversation, and what the server says stands at the field', async () => {
  const addIntegration = vi.fn<Bridge['addIntegration']>(async () => {
    throw { code: 'bad_request', fields: [{ field: 'name', message: '너무 깁니다.' }] };
  });
  await show('admin', { addIntegration }, []);
  fireEvent.click(await screen.findByTestId('integration-add'));
  fireEvent.click(await screen.findByTestId('confirm-ok'));
  expect(await screen.findByText('이름을 적어 주세요.')).toBeTruthy();
  expect(screen.getByText('대화방을 고르세요.')).toBeTruthy();
  expect(addIntegration).not.toHaveBeenCalled();
});

test('a request has only what its kind has', () => {
  const draft = { ...emptyDraft, name: ' 봇 ', rooms: ['r'], url: ' https://x ' };
  expect(requestOf(draft)).toEqual({ kind: 'incoming', name: '봇', icon: '🤖', room_uuids: ['r'] });
  expect(requestOf({ ...draft, kind: 'outgoing' })).toMatchObject({ url: 'https://x', room_uuids: ['r'] });
  expect(requestOf({ ...draft, kind: 'token', scopes: ['people:read'] })).toEqual({
    kind: 'token',
    name: '봇',
    icon: '🤖',
    scopes: ['people:read'],
    expires_days: 90,
  });
  expect(missingOf({ ...draft, kind: 'token', scopes: [] })).toMatchObject({ scopes: true, rooms: false });
  expect(missingOf({ ...draft, kind: 'outgoing', url: 'ftp://x' }).url).toBe(true);
  expect(standingOf({ state: 'active', failures: 1 })).toBe('troubled');
});
