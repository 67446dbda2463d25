import { fireEvent, screen, within } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { File, Transfer } from '@/bridge/types';
import { file, message, transfer } from '@/features/chat/testdata';
import { renderPage } from '@/test-page';
import { MessageFiles } from './message-files';

async function show(files: File[], transfers: Transfer[] = [], calls: Partial<Bridge> = {}) {
  return renderPage((session) => {
    const held = new Map(transfers.map((one) => [one.id, one]));
    session.mirror.setState({ transfers: held });
    return <MessageFiles message={message(1, { files })} />;
  }, calls);
}

const failure = { code: 'unsupported_type', reason: 'file_content', message: '', request_id: '', retry_ms: 0 };

describe('a card', () => {
  test('downloads, and asks where to', async () => {
    const downloadFile = vi.fn<Bridge['downloadFile']>(() => Promise.resolve());
    const saveFile = vi.fn<Bridge['saveFile']>(() => Promise.resolve(true));
    await show([file('보고서.pdf')], [], { downloadFile, saveFile });
    fireEvent.click(screen.getByTestId('file-save'));
    fireEvent.click(screen.getByTestId('file-save-as'));
    expect(downloadFile).toHaveBeenCalledExactlyOnceWith('id-보고서.pdf');
    expect(saveFile).toHaveBeenCalledExactlyOnceWith('id-보고서.pdf');
  });

  test('opens and shows what was saved', async () => {
    await show([file('보고서.pdf', { saved: true })]);
    expect(screen.getByTestId('file-open').getAttribute('aria-label')).toBe('열기: 보고서.pdf');
    expect(screen.getByTestId('file-show')).toBeDefined();
    expect(screen.queryByTestId('file-save')).toBeNull();
  });

  test('of a file that is gone does nothing, and says why', async () => {
    await show([file('보고서.pdf', { gone: true })]);
    const card = screen.getByTestId('message-file');
    expect(card.dataset.state).toBe('gone');
    expect(within(card).queryAllByRole('button')).toEqual([]);
    expect(card.textContent).toContain('서버에서 지워졌습니다');
  });

  test.each([
    ['a name that turns its end around', '초대장\u202Efdp.exe', '초대장fdp.exe'],
    ['only dots', '...', '...'],
    ['255 bytes', `${'가'.repeat(83)}.pdf`, `${'가'.repeat(83)}.pdf`],
    ['piled marks', `a${'\u0336'.repeat(90)}.txt`, `a${'\u0336'.repeat(3)}.txt`],
  ])('shows %s as it is, the extension last', async (_, name, shown) => {
    await show([file(name)]);
    const title = screen.getByTestId('message-file').querySelector('[title]');
    expect(title?.textContent).toBe(shown);
  });
});

describe('a transfer', () => {
  const uploading = file('보고서.pdf', { file_id: '', transfer: 't' });

  test('says how far it has come, and can be canceled', async () => {
    const cancelTransfer = vi.fn<Bridge['cancelTransfer']>(() => Promise.resolve());
    await show([uploading], [transfer('t', { size: 8 << 20, done: 2 << 20, speed: 1 << 20 })], { cancelTransfer });
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
    expect(screen.getByTestId('message-file').textContent).toContain('2MB / 8MB · 1MB/초 · 6초 남음');
    fireEvent.click(screen.getByTestId('file-cancel'));
    expect(cancelTransfer).toHaveBeenCalledExactlyOnceWith('t');
  });

  test('that the server looks at has no number', async () => {
    await show([uploading], [transfer('t', { state: 'checking', done: 1_000 })]);
    expect(screen.getByRole('progressbar').hasAttribute('aria-valuenow')).toBe(false);
    expect(screen.getByText('서버에서 확인하는 중')).toBeDefined();
  });

  test('that failed says why, and can be repeated', async () => {
    const retryTransfer = vi.fn<Bridge['retryTransfer']>(() => Promise.resolve());
    const full = { ...failure, code: 'unavailable', reason: 'disk_full' };
    await show([uploading], [transfer('t', { state: 'failed', failure: full })], { retryTransfer });
    expect(screen.getByRole('alert').textContent).toBe('저장할 공간이 없습니다. 공간을 비운 뒤 다시 시도해 주세요.');
    fireEvent.click(screen.getByTestId('file-retry'));
    expect(retryTransfer).toHaveBeenCalledExactlyOnceWith('t');
  });

  test('that would be refused again offers no other try', async () => {
    await show([uploading], [transfer('t', { state: 'failed', failure })]);
    expect(screen.getByRole('alert').textContent).toBe('파일의 내용이 확장자와 맞지 않습니다.');
    expect(screen.queryByTestId('file-retry')).toBeNull();
    expect(screen.getByTestId('file-cancel')).toBeDefined();
  });
});

describe('pictures', () => {
  test('have their place before they load; one that can not be had says so and is asked for again', async () => {
    await show([file('a.png', { width: 1_600, height: 1_200 })]);
    const tile = screen.getByTestId('message-picture');
    expect(tile.style.aspectRatio).toBe('320 / 240');
    fireEvent.error(screen.getByRole('img', { name: 'a.png' }));
    expect(screen.getByTestId('picture-missing').dataset.why).toBe('failed');
    expect(tile.style.aspectRatio).toBe('320 / 240');
    fireEvent.click(screen.getByTestId('picture-retry'));
    expect(screen.getByRole('img', { name: 'a.png' })).toBeDefined();
  });

  test('that the server refuses say its reason, and are not asked for again', async () => {
    const deleted = { ...failure, code: 'not_found', reason: 'file_deleted' };
    const checkPicture = vi.fn<Bridge['checkPicture']>(() => Promise.reject(deleted));
    await show([file('a.png', { width: 1_600, height: 1_200 })], [], { checkPicture });
    fireEvent.error(screen.getByRole('img', { name: 'a.png' }));
    await screen.findByText('메시지와 함께 삭제된 파일입니다.');
    expect(checkPicture).toHaveBeenCalledExactlyOnceWith('id-a.png', 960);
    expect(screen.queryByTestId('picture-retry')).toBeNull();
  });

  test('of more than nine the last one counts the others; all are saved at once', async () => {
    const saveFiles = vi.fn<Bridge['saveFiles']>(() => Promise.resolve(true));
    const files = Array.from({ length: 12 }, (_, i) => file(`${i}.png`));
    await show(files, [], { saveFiles });
    expect(screen.getAllByTestId('message-picture')).toHaveLength(9);
    expect(screen.getByRole('button', { name: '8.png 크게 보기, 외 3장' })).toBeDefined();
    fireEvent.click(screen.getByTestId('files-save-all'));
    expect(saveFiles).toHaveBeenCalledExactlyOnceWith(files.map((one) => one.file_id));
  });
});

describe('a picture', () => {
  const held = file('화면.png', {
    type: 'image/png',
    width: 400,
    height: 300,
    thumbnail: true,
    file_id: '',
    transfer: 't',
  });

  function Sending() {
    const [sent, setSent] = useState(false);
    const one = sent ? { ...held, file_id: 'f1', transfer: '' } : held;
    return (
      <>
        <button type="button" data-testid="sent" onClick={() => setSent(true)}>
          sent
        </button>
        <MessageFiles message={message(1, { files: [one] })} />
      </>
    );
  }

  test('that could not be shown while it was held is looked for anew with its message', async () => {
    await renderPage(() => <Sending />);
    fireEvent.error(screen.getByAltText('화면.png'));
    expect(screen.getByTestId('picture-missing')).toBeDefined();
    fireEvent.click(screen.getByTestId('sent'));
    expect(screen.queryByTestId('picture-missing')).toBeNull();
    expect(screen.getByAltText('화면.png')).toBeDefined();
  });
});
