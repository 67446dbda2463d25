import { fireEvent, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { Profile, Room } from '@/bridge/types';
import { replay, type Recording } from '@/components/ime-replay';
import { draft, room, unsent } from '@/features/chat/testdata';
import { renderPage } from '@/test-page';
import { Composer } from './composer';

const recordings = import.meta.glob<Recording>(
  '@/components/testdata/ime/{webkitgtk,chromium}-enter-composing-react*.json',
  { eager: true, import: 'default' },
);

const names = ['안녕희', '홍길동', '김영희'];

/** A group of three colleagues and oneself. */
async function setUp(change: Partial<Room> = {}) {
  const send = vi.fn<Bridge['send']>(() => Promise.resolve(unsent(1)));
  const page = await renderPage(
    (session) => {
      const [me] = session.mirror.getState().people.values();
      const people = names.map((name, i): [string, Profile] => [`p${i}`, { ...sample(me), user_uuid: `p${i}`, name }]);
      session.mirror.setState({ people: new Map(people) });
      return <Composer room={room('room', { members: ['p0', 'p1', 'p2'], member_count: 3, ...change })} />;
    },
    { send },
  );
  return { ...page, send, field: () => screen.getByTestId<HTMLTextAreaElement>('composer-input') };
}

function sample(person: Profile | undefined): Profile {
  if (!person) throw new Error('the fake company has nobody');
  return person;
}

const items = () => screen.queryAllByTestId('mention-item').map((item) => item.textContent);
const enter = (field: HTMLElement) => fireEvent.keyDown(field, { key: 'Enter', code: 'Enter', keyCode: 13 });
const mentioning = (text: string, ...mentions: string[]) => ({ ...draft(text), mentions });

describe('the list behind an @', () => {
  test('offers colleagues by initial consonants, and Enter takes one without sending', async () => {
    const { send, field } = await setUp();
    await userEvent.type(field(), '안녕 @ㅎㄱ');
    expect(items()).toHaveLength(1);
    enter(field());
    expect(field().value).toBe('안녕 @홍길동');
    expect(send).not.toHaveBeenCalled();
    await userEvent.type(field(), '님께 드림');
    expect(items()).toEqual([]);
    enter(field());
    expect(send).toHaveBeenCalledExactlyOnceWith('room', mentioning('안녕 @홍길동님께 드림', 'p1'));
  });

  test('arrows choose, and Esc puts it away for this @', async () => {
    const { field } = await setUp();
    await userEvent.type(field(), '@');
    expect(items()).toHaveLength(3);
    fireEvent.keyDown(field(), { key: 'ArrowDown' });
    const active = document.getElementById(field().getAttribute('aria-activedescendant') ?? '');
    expect(active?.textContent).toContain('안녕희');
    fireEvent.keyDown(field(), { key: 'Escape' });
    expect(items()).toEqual([]);
    await userEvent.type(field(), '홍');
    expect(items()).toEqual([]);
  });

  test('everybody can be called by an owner only', async () => {
    const first = await setUp();
    await userEvent.type(first.field(), '@모두');
    expect(items()).toEqual([]);
    first.unmount();
    const { send, field } = await setUp({ role: 'owner' });
    await userEvent.type(field(), '@모두');
    fireEvent.click(screen.getByTestId('mention-item'));
    await waitFor(() => expect(field().value).toBe('@모두'));
    enter(field());
    expect(send).toHaveBeenCalledExactlyOnceWith('room', { ...draft('@모두'), mention_all: true });
  });

  test('a name that was taken out again is no mention', async () => {
    const { send, field } = await setUp();
    await userEvent.type(field(), '@홍');
    enter(field());
    await userEvent.clear(field());
    await userEvent.type(field(), '아닙니다');
    enter(field());
    expect(send).toHaveBeenCalledExactlyOnceWith('room', draft('아닙니다'));
  });

  test('there is none in a conversation of two', async () => {
    const { field } = await setUp({ kind: 'direct', other_uuid: 'p1' });
    await userEvent.type(field(), '@홍');
    expect(items()).toEqual([]);
  });

  // 안녕 typed behind an @: the Enter that ends the syllable chooses once, and does not send.
  test.each(Object.entries(recordings))('Hangul that is being composed: %s', async (_, recording) => {
    const { send, field } = await setUp();
    await userEvent.type(field(), '@');
    replay(field(), recording, '@');
    expect(field().value).toBe('@안녕희');
    expect(send).not.toHaveBeenCalled();
    enter(field());
    expect(send).toHaveBeenCalledExactlyOnceWith('room', mentioning('@안녕희', 'p0'));
    expect(field().value).toBe('');
  });
});
