import { fireEvent, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { Room } from '@/bridge/types';
import { replay, type Recording } from '@/components/ime-replay';
import { draft, room, unsent } from '@/features/chat/testdata';
import { renderPage } from '@/test-page';
import { Composer } from './composer';
import { maxLetters } from './composer-rules';

const recordings = import.meta.glob<Recording>(
  '@/components/testdata/ime/{webkitgtk,chromium}-enter-composing-react.json',
  {
    eager: true,
    import: 'default',
  },
);

async function setUp(change: Partial<Room> = {}) {
  const calls = {
    send: vi.fn<Bridge['send']>(() => Promise.resolve(unsent(1))),
    setDraft: vi.fn<Bridge['setDraft']>(() => Promise.resolve()),
    typing: vi.fn<Bridge['typing']>(() => Promise.resolve()),
  };
  const page = await renderPage(() => <Composer room={room('room', change)} />, calls);
  return { ...calls, ...page, field: () => screen.getByTestId<HTMLTextAreaElement>('composer-input') };
}

/** user-event's Enter has no keyCode, by which the composer knows a real one. */
async function typeAndEnter(field: HTMLTextAreaElement, text: string) {
  await userEvent.type(field, text);
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter', keyCode: 13 });
}

describe('sending', () => {
  test('Enter sends the text and clears the field and its draft', async () => {
    const { send, setDraft, field } = await setUp();
    await typeAndEnter(field(), 'hello  ');
    expect(send).toHaveBeenCalledExactlyOnceWith('room', draft('hello'));
    expect(field().value).toBe('');
    expect(setDraft).toHaveBeenLastCalledWith('room', draft());
  });

  test.each(Object.entries(recordings))('Hangul goes whole and once: %s', async (_, recording) => {
    const { send, field } = await setUp();
    replay(field(), recording);
    expect(send).toHaveBeenCalledExactlyOnceWith('room', draft('안녕'));
    expect(field().value).toBe('');
  });

  test('nothing can be written in a room that was ended; it says so', async () => {
    await setUp({ kind: 'group', read_only: true });
    expect(screen.getByTestId('composer-closed').textContent).toContain('더 이상 메시지를 보낼 수 없는 대화방');
    expect(screen.queryByTestId('composer-input')).toBeNull();
  });

  test('nothing is sent of nothing', async () => {
    const { send, field } = await setUp();
    await typeAndEnter(field(), '   ');
    expect(send).not.toHaveBeenCalled();
    expect(screen.getByTestId<HTMLButtonElement>('composer-send').disabled).toBe(true);
  });

  test('what is too long is not sent; how much is said', async () => {
    const { send, field } = await setUp();
    fireEvent.change(field(), { target: { value: '가'.repeat(maxLetters + 3) } });
    fireEvent.keyDown(field(), { key: 'Enter', keyCode: 13 });
    expect(send).not.toHaveBeenCalled();
    expect(screen.getByRole('alert').textContent).toContain('3자 넘었습니다');
  });

  test('a text that could not be kept stands in the field again', async () => {
    const { send, field } = await setUp();
    send.mockRejectedValueOnce({ code: 'store', reason: '', message: '', request_id: '', retry_ms: 0 });
    await typeAndEnter(field(), 'hello');
    await waitFor(() => expect(field().value).toBe('hello'));
    expect(screen.getByRole('alert').textContent).toContain('저장소에 쓸 수 없습니다');
  });
});

describe('the draft', () => {
  test('is there when the room is opened', async () => {
    const { field } = await setUp({ draft: draft('쓰다 만 글') });
    expect(field().value).toBe('쓰다 만 글');
  });

  test('is kept when the room is left', async () => {
    const { setDraft, field, unmount } = await setUp();
    await userEvent.type(field(), 'half');
    unmount();
    expect(setDraft).toHaveBeenLastCalledWith('room', draft('half'));
  });

  test('typing is told at most every three seconds', async () => {
    const { typing, field } = await setUp();
    await userEvent.type(field(), 'a few letters');
    expect(typing).toHaveBeenCalledExactlyOnceWith('room');
  });
});

test('it says why nothing can be written', async () => {
  await renderPage((session) => {
    const [me] = session.mirror.getState().people.values();
    if (me) {
      const gone = { ...me, user_uuid: 'gone', state: 'deleted' };
      session.mirror.setState({ people: new Map([['gone', gone]]) });
    }
    return <Composer room={room('room', { kind: 'direct', other_uuid: 'gone' })} />;
  });
  expect(screen.queryByTestId('composer-input')).toBeNull();
  expect(screen.getByText(/메시지를 보낼 수 없습니다/)).toBeDefined();
});
