import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { Dialog } from '@/components/dialog';
import { ToastProvider } from '@/components/toast';
import { renderPage } from '@/test-page';
import { ConversationPane } from './conversation-pane';

let hide: (hidden: boolean) => void;

beforeEach(() => {
  look(true, true);
  class Observer extends IntersectionObserver {
    constructor(told: IntersectionObserverCallback) {
      super(told);
      hide = (hidden) => told([{ isIntersecting: !hidden } as IntersectionObserverEntry], this);
    }
  }
  vi.stubGlobal('IntersectionObserver', Observer);
});

function look(focused: boolean, visible: boolean) {
  vi.spyOn(document, 'hasFocus').mockReturnValue(focused);
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visible ? 'visible' : 'hidden');
  act(() => {
    window.dispatchEvent(new Event('focus'));
    document.dispatchEvent(new Event('visibilitychange'));
  });
}

const nothing = () => undefined;

/** A page with an open room, and what it told the core last. */
async function setUp() {
  const inView = vi.fn<Bridge['inView']>(async () => undefined);
  let room = '';
  function Page() {
    const [covered, cover] = useState(false);
    const [shown, show] = useState(true);
    return (
      <ToastProvider>
        <button data-testid="cover" aria-label="cover" onClick={() => cover(!covered)} />
        <button data-testid="other-tab" aria-label="tab" onClick={() => show(false)} />
        {shown && (
          <ConversationPane
            room={room}
            target={undefined}
            finding={false}
            details={false}
            onFinding={nothing}
            onBack={nothing}
            onPerson={nothing}
            onRoom={nothing}
            onNewChat={nothing}
            onPeople={nothing}
            onDetails={nothing}
          />
        )}
        {covered && (
          <Dialog title="above" onClose={nothing}>
            x
          </Dialog>
        )}
      </ToastProvider>
    );
  }
  await renderPage(
    (session) => {
      room = [...session.mirror.getState().rooms.keys()][0] ?? '';
      return <Page />;
    },
    { inView, openRoom: () => new Promise(() => undefined) },
  );
  return { inView, room };
}

const press = (testId: string) => fireEvent.click(screen.getByTestId(testId));

test.each<[string, () => void, string, boolean]>([
  ['in view', nothing, 'room', true],
  ['without the focus', () => look(false, true), 'room', false],
  ['minimised, in the tray, or on another workspace', () => look(false, false), 'room', false],
  ['hidden, though the focus says otherwise', () => look(true, false), 'room', false],
  ['behind a dialog', () => press('cover'), 'room', false],
  ['behind another tab', () => press('other-tab'), '', true],
  ['behind the list of a narrow window', () => act(() => hide(true)), '', true],
])('the core hears of a room %s', async (_, happens, room, focused) => {
  const page = await setUp();
  happens();
  expect(page.inView).toHaveBeenLastCalledWith(room && page.room, focused);
});

test('what a dialog covered is in view again when it goes', async () => {
  const { inView, room } = await setUp();
  press('cover');
  press('cover');
  await waitFor(() => expect(inView).toHaveBeenLastCalledWith(room, true));
});
