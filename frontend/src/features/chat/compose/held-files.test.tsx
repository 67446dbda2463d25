import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { HeldFile, Room } from '@/bridge/types';
import { draft, room, unsent } from '@/features/chat/testdata';
import { renderPage } from '@/test-page';
import { Composer } from './composer';
import { forgetRefused } from './take-store';

afterEach(() => forgetRefused('room'));

const held = (name: string, change: Partial<HeldFile> = {}): HeldFile => ({
  handle: `h-${name}`,
  name,
  size: 1_024,
  type: '',
  width: 0,
  height: 0,
  preview: false,
  ...change,
});

const problem = { code: 'too_large', reason: 'file_too_large', message: '', request_id: '', retry_ms: 0 };

async function setUp(files: HeldFile[], change: Partial<Room> = {}) {
  const calls = {
    send: vi.fn<Bridge['send']>(() => Promise.resolve(unsent(1))),
    setDraft: vi.fn<Bridge['setDraft']>(() => Promise.resolve()),
    chooseFiles: vi.fn<Bridge['chooseFiles']>(() => Promise.resolve([])),
    pasteFile: vi.fn<Bridge['pasteFile']>(() => Promise.resolve()),
    dropHeld: vi.fn<Bridge['dropHeld']>(() => Promise.resolve()),
  };
  const page = await renderPage((session) => {
    session.mirror.setState({ held: new Map(files.length > 0 ? [['room', files]] : []) });
    return <Composer room={room('room', change)} />;
  }, calls);
  return { ...calls, ...page };
}

const press = (key: string) => fireEvent.keyDown(screen.getByTestId('composer-input'), { key, keyCode: 13 });
const sendButton = () => screen.getByTestId<HTMLButtonElement>('composer-send');

describe('held files', () => {
  test('go without a text', async () => {
    const { send } = await setUp([held('a.pdf'), held('b.pdf')]);
    expect(sendButton().disabled).toBe(false);
    press('Enter');
    expect(send).toHaveBeenCalledExactlyOnceWith('room', { ...draft(), files: ['h-a.pdf', 'h-b.pdf'] });
  });

  test('go with the text as their caption; a kept text keeps them', async () => {
    const { send, setDraft } = await setUp([held('a.pdf')]);
    fireEvent.change(screen.getByTestId('composer-input'), { target: { value: '초안입니다' } });
    press('Enter');
    expect(send).toHaveBeenCalledExactlyOnceWith('room', { ...draft('초안입니다'), files: ['h-a.pdf'] });
    expect(setDraft).toHaveBeenLastCalledWith('room', { ...draft(), files: ['h-a.pdf'] });
  });

  test('that can not be sent hold the others up, and say what would fit', async () => {
    const { send, dropHeld } = await setUp([held('a.pdf'), held('big.zip', { problem })]);
    press('Enter');
    expect(send).not.toHaveBeenCalled();
    expect(sendButton().disabled).toBe(true);
    await waitFor(() => expect(screen.getByText(/10MB까지 보낼 수 있습니다/)).toBeDefined());
    fireEvent.click(screen.getByRole('button', { name: 'big.zip 빼기' }));
    expect(dropHeld).toHaveBeenCalledExactlyOnceWith('room', ['h-big.zip']);
  });

  test('of a locked room wait until it is opened', async () => {
    await setUp([held('a.pdf')], { locked: true });
    expect(screen.getByTestId('composer-locked').textContent).toContain('보낼 파일 1개');
    expect(screen.queryByTestId('composer-attach')).toBeNull();
    fireEvent.click(screen.getByTestId('composer-once'));
    expect(screen.getByTestId('held-files')).toBeDefined();
  });
});

describe('files that are refused', () => {
  test('of a choice are named with their reasons, and the others can be sent', async () => {
    const { chooseFiles, send } = await setUp([held('a.pdf')]);
    const failure = { code: 'unsupported_type', reason: 'file_type', message: '', request_id: '', retry_ms: 0 };
    chooseFiles.mockResolvedValue([
      { name: '설치.exe', size: 10, failure },
      { name: 'big.zip', size: 1 << 30, failure: problem },
    ]);
    fireEvent.click(screen.getByTestId('composer-attach'));
    const list = await screen.findByTestId('refused-files');
    expect(list.textContent).toContain('보낼 수 없는 파일 2개');
    const said = screen.getAllByTestId('refused-file').map((row) => row.textContent);
    expect(said[0]).toMatch(/설치\.exe.*보낼 수 없는 종류/);
    expect(said[1]).toMatch(/big\.zip.*너무 큽니다/);
    press('Enter');
    expect(send).toHaveBeenCalledExactlyOnceWith('room', { ...draft(), files: ['h-a.pdf'] });
    fireEvent.click(screen.getByTestId('refused-close'));
    expect(screen.queryByTestId('refused-files')).toBeNull();
  });
});

describe('pasting', () => {
  const item = (type: string) => ({ kind: 'file', type, getAsFile: () => new Blob(['png!'], { type }) });

  test('a picture puts it into the composer', async () => {
    const { pasteFile } = await setUp([]);
    const clipboardData = { types: ['Files'], items: [item('image/png')] };
    const notPrevented = fireEvent.paste(screen.getByTestId('composer-input'), { clipboardData });
    expect(notPrevented).toBe(false);
    await waitFor(() => expect(pasteFile).toHaveBeenCalledExactlyOnceWith('room', btoa('png!')));
  });

  test.each([
    ['a text', { types: ['text/plain'], items: [] }],
    ['cells, which come as text and picture', { types: ['text/plain', 'Files'], items: [item('image/png')] }],
    ['a kind that is no picture', { types: ['Files'], items: [item('image/svg+xml')] }],
  ])('%s stays as it is', async (_, clipboardData) => {
    const { pasteFile } = await setUp([]);
    expect(fireEvent.paste(screen.getByTestId('composer-input'), { clipboardData })).toBe(true);
    expect(pasteFile).not.toHaveBeenCalled();
  });
});

describe('dragging', () => {
  const drag = (type: string, types = ['Files']) =>
    act(() => {
      window.dispatchEvent(Object.assign(new Event(type, { bubbles: true }), { dataTransfer: { types, files: [] } }));
    });

  test('files over the window says into which room they go, until they leave', async () => {
    await setUp([], { name: '신제품' });
    drag('dragenter');
    drag('dragenter');
    expect(screen.getByTestId('drop-overlay').textContent).toContain('신제품');
    drag('dragleave');
    expect(screen.getByTestId('drop-overlay')).toBeDefined();
    drag('dragleave');
    expect(screen.queryByTestId('drop-overlay')).toBeNull();
  });

  test('a text is nothing; a locked room says so', async () => {
    await setUp([], { locked: true });
    drag('dragenter', ['text/plain']);
    expect(screen.queryByTestId('drop-overlay')).toBeNull();
    drag('dragenter');
    expect(screen.getByTestId('drop-overlay').textContent).toContain('잠겨');
  });
});
