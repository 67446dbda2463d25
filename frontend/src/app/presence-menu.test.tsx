import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useMirror } from '@/bridge/session-context';
import { ToastProvider } from '@/components/toast';
import { renderPage } from '@/test-page';
import { PresenceMenu } from './presence-menu';

function Me() {
  const me = useMirror((mirror) => mirror.state.me);
  return me ? <PresenceMenu me={me} onPresence={() => undefined} onProfile={() => undefined} /> : null;
}

test('notifications are paused and turned on again; the picture says so', async () => {
  await renderPage(() => (
    <ToastProvider>
      <Me />
    </ToastProvider>
  ));
  expect(screen.queryByTestId('rail-quiet')).toBeNull();
  fireEvent.click(screen.getByTestId('rail-me'));
  fireEvent.click(await screen.findByTestId('snooze-30'));
  expect((await screen.findByTestId('rail-quiet')).title).toMatch(/까지 알림 꺼짐/);
  fireEvent.click(screen.getByTestId('rail-me'));
  fireEvent.click(await screen.findByTestId('snooze-end'));
  expect(screen.queryByTestId('rail-quiet')).toBeNull();
});
