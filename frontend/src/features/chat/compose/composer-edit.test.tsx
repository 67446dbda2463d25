import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { Message, Room } from '@/bridge/types';
import { replay, type Recording } from '@/components/ime-replay';
import { draft, message, room, unsent } from '@/features/chat/testdata';
import { renderPage } from '@/test-page';
import { clearIntent, editMessage, replyTo } from './compose-intent';
import { Composer } from './composer';

const recordings = import.meta.glob<Recording>(
  '@/components/testdata/ime/{webkitgtk,chromium}-enter-composing-react.json',
  { eager: true, import: 'default' },
);

afterEach(() => clearIntent('room'));

const own = message(7, { mine: true, text: '처음 글', rev: 70, message_id: 700 });

async function setUp(change: Partial<Room> = {}, lastOwn: Message = own) {
  const calls = {
    send: vi.fn<Bridge['send']>(() => Promise.resolve(unsent(1))),
    edit: vi.fn<Bridge['edit']>(() => Promise.resolve()),
    setDraft: vi.fn<Bridge['setDraft']>(() => Promise.resolve()),
    setMy: vi.fn<Bridge['setMy']>(() => Promise.resolve()),
    messages: vi.fn<Bridge['messages']>(() => Promise.resolve([message(5, { text: '물어본 글' })])),
  };
  const page = await renderPage(() => <Composer room={room('room', change)} lastOwn={lastOwn} />, calls);
  return { ...calls, ...page, field: () => screen.getByTestId<HTMLTextAreaElement>('composer-input') };
}

const enter = (field: HTMLElement) => fireEvent.keyDown(field, { key: 'Enter', code: 'Enter', keyCode: 13 });

describe('an edit', () => {
  test('begins by ArrowUp in an empty field, and Enter saves it once', async () => {
    const { edit, send, field } = await setUp();
    fireEvent.keyDown(field(), { key: 'ArrowUp' });
    expect(field().value).toBe('처음 글');
    await userEvent.type(field(), ' 고침');
    enter(field());
    enter(field());
    await waitFor(() => expect(field().value).toBe(''));
    expect(edit).toHaveBeenCalledExactlyOnceWith(700, draft('처음 글 고침'), 70);
    expect(send).not.toHaveBeenCalled();
  });

  test.each(Object.entries(recordings))('Hangul is saved whole and once: %s', async (_, recording) => {
    const { edit, field } = await setUp();
    act(() => editMessage(own));
    replay(field(), recording, '처음 글 ');
    expect(edit).toHaveBeenCalledExactlyOnceWith(700, draft('처음 글 안녕'), 70);
  });

  test('leaves the draft as it was', async () => {
    const { field } = await setUp({ draft: draft('쓰다 만 글') });
    act(() => editMessage(own));
    expect(field().value).toBe('처음 글');
    fireEvent.keyDown(field(), { key: 'Escape' });
    expect(field().value).toBe('쓰다 만 글');
  });

  test('that another device overtook is told, nothing is lost, and a second Enter wins', async () => {
    const { edit, field } = await setUp();
    edit.mockRejectedValueOnce({ code: 'conflict', reason: 'edit_conflict', message: '', request_id: '', retry_ms: 0 });
    act(() => editMessage(own));
    await userEvent.type(field(), '!');
    enter(field());
    await screen.findByRole('alert');
    expect(field().value).toBe('처음 글!');
    enter(field());
    await waitFor(() => expect(field().value).toBe(''));
    expect(edit).toHaveBeenLastCalledWith(700, draft('처음 글!'), 0);
  });

  test('offline stays in the field with the cause', async () => {
    const { edit, field } = await setUp();
    edit.mockRejectedValueOnce({ code: 'offline', reason: '', message: '', request_id: '', retry_ms: 0 });
    act(() => editMessage(own));
    await userEvent.type(field(), '!');
    enter(field());
    await screen.findByRole('alert');
    expect(field().value).toBe('처음 글!');
  });

  test('goes on when the room is opened again', async () => {
    const first = await setUp();
    act(() => editMessage(own));
    await userEvent.type(first.field(), ' 반쯤');
    first.unmount();
    const second = await setUp();
    expect(second.field().value).toBe('처음 글 반쯤');
  });

  test('that changes nothing asks the server nothing', async () => {
    const { edit, field } = await setUp();
    act(() => editMessage(own));
    enter(field());
    expect(field().value).toBe('');
    expect(edit).not.toHaveBeenCalled();
  });
});

describe('a reply', () => {
  test('says what it answers and goes with the message', async () => {
    const { send, field } = await setUp();
    act(() => replyTo(message(5, { text: '물어본 글' })));
    expect((await screen.findByTestId('compose-bar')).textContent).toContain('물어본 글');
    await userEvent.type(field(), '답');
    enter(field());
    expect(send).toHaveBeenCalledExactlyOnceWith('room', { ...draft('답'), reply_to_seq: 5 });
    expect(screen.queryByTestId('compose-bar')).toBeNull();
  });

  test('is part of the draft, and Esc gives it up', async () => {
    const { setDraft, field, unmount } = await setUp();
    act(() => replyTo(message(5)));
    await userEvent.type(field(), '반');
    fireEvent.keyDown(field(), { key: 'Escape' });
    expect(screen.queryByTestId('compose-bar')).toBeNull();
    unmount();
    expect(setDraft).toHaveBeenLastCalledWith('room', draft('반'));
  });

  test('of a kept draft stands there after a restart', async () => {
    await setUp({ draft: { ...draft('이어서'), reply_to_seq: 5 } });
    expect((await screen.findByTestId('compose-bar')).textContent).toContain('물어본 글');
  });
});

describe('a locked room', () => {
  test('asks before one writes, and opens for this visit or for good', async () => {
    const { setMy, field } = await setUp({ locked: true });
    expect(screen.queryByTestId('composer-input')).toBeNull();
    fireEvent.click(screen.getByTestId('composer-unlock'));
    expect(setMy).toHaveBeenCalledExactlyOnceWith('room', { locked: false });
    fireEvent.click(screen.getByTestId('composer-once'));
    expect(field()).toBeDefined();
  });
});
