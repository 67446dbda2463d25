import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Target } from '@/bridge/types';
import { ToastProvider } from '@/components/toast';
import { renderPage } from '@/test-page';
import { createNav, type Nav, type NavStore } from './nav';
import { useOpened } from './use-opened';

const nowhere: Target = { room_uuid: '', seq: 0, notice_uuid: '', user_uuid: '', settings: false, problem: '' };

function Follower({ nav }: { nav: NavStore }) {
  useOpened(nav);
  return null;
}

/** A navigation, and what follows the core with it. */
function following() {
  const nav = createNav(() => 1);
  const view = () => (
    <ToastProvider>
      <Follower nav={nav} />
    </ToastProvider>
  );
  return { shown: nav.store, view };
}

test.each<[string, Partial<Target>, Partial<Nav>]>([
  ['a message', { room_uuid: 'r', seq: 7 }, { tab: 'chats', room: 'r', target: { seq: 7, at: 1 } }],
  ['a notice', { notice_uuid: 'n' }, { tab: 'notices', notice: 'n' }],
  ['the settings', { settings: true }, { tab: 'settings' }],
  ['a person', { user_uuid: 'p' }, { profile: 'p', tab: 'chats' }],
])('leads to %s, once', async (_, target, wanted) => {
  const { shown, view } = following();
  const { session } = await renderPage(view);
  act(() => session.mirror.setState({ open: { ...nowhere, ...target } }));
  await waitFor(() => expect(shown.getState()).toMatchObject(wanted));
  expect(session.mirror.getState().open).toBeUndefined();
});

test('what was asked for before the window stood is shown when it does', async () => {
  const { shown, view } = following();
  await renderPage(view, { snapshot: async () => ({ full: true, open: { ...nowhere, room_uuid: 'early' } }) });
  await waitFor(() => expect(shown.getState().room).toBe('early'));
});

test.each([
  ['bad_link', /Hi_Msg 링크가 아니어서/],
  ['unknown_room', /들어가 있지 않거나/],
  ['unknown_person', /찾을 수 없습니다/],
])('says what is wrong: %s', async (problem, text) => {
  const { view } = following();
  const { session } = await renderPage(view);
  act(() => session.mirror.setState({ open: { ...nowhere, problem } }));
  expect(await screen.findByText(text)).toBeTruthy();
});
