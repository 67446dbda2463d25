import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { renderPage } from '@/test-page';
import { Welcome } from './welcome';

async function setUp(openPerson?: Bridge['openPerson']) {
  const onPeople = vi.fn<() => void>();
  const onNewChat = vi.fn<() => void>();
  const onRoom = vi.fn<(room: string, seq: number) => void>();
  const view = () => <Welcome onPeople={onPeople} onNewChat={onNewChat} onRoom={onRoom} />;
  const { bridge } = await renderPage(view, openPerson ? { openPerson } : {}, 'empty');
  return { bridge, onPeople, onNewChat, onRoom };
}

test('who has no conversation is greeted by name, and begins with the directory or a new chat', async () => {
  const { onPeople, onNewChat } = await setUp();
  expect(screen.getByRole('heading', { name: '한민서 님, 반갑습니다' })).toBeTruthy();
  fireEvent.click(screen.getByTestId('welcome-people'));
  expect(onPeople).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByTestId('welcome-group'));
  expect(onNewChat).toHaveBeenCalledOnce();
});

test('a note to oneself opens the room with oneself, once', async () => {
  const openPerson = vi.fn<Bridge['openPerson']>(() => Promise.resolve('room-of-mine'));
  const { bridge, onRoom } = await setUp(openPerson);
  const { state } = await bridge.snapshot();
  const memo = screen.getByTestId('welcome-memo');
  fireEvent.click(memo);
  fireEvent.click(memo); // it is busy
  await waitFor(() => expect(onRoom).toHaveBeenCalledExactlyOnceWith('room-of-mine', 0));
  expect(openPerson).toHaveBeenCalledExactlyOnceWith(state?.me?.user_uuid);
});

test('without the server it says why the note did not open, and can be tried again', async () => {
  const refused = Object.assign(new Error('unavailable'), { code: 'unavailable' });
  const openPerson = vi.fn<Bridge['openPerson']>(() => Promise.reject(refused));
  const { onRoom } = await setUp(openPerson);
  fireEvent.click(screen.getByTestId('welcome-memo'));
  await screen.findByRole('alert');
  expect(onRoom).not.toHaveBeenCalled();
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('welcome-memo').disabled).toBe(false));
});
