import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { Message, Transfer } from '@/bridge/types';
import { logRows } from '@/features/chat/log/log-rows';
import { file, message, transfer, unsent } from '@/features/chat/testdata';
import { renderPage } from '@/test-page';
import { MessageRow } from './message-row';

async function show(shown: Message, calls: Partial<Bridge> = {}, unread = 0, transfers: Transfer[] = []) {
  const [row] = logRows({ messages: [shown], hasMore: true, readUpTo: 0 });
  if (!row) throw new Error('one message gives one row');
  const onOverlay = vi.fn<(overlay: { kind: string }) => void>();
  const onPerson = vi.fn<(person: string) => void>();
  await renderPage((session) => {
    session.mirror.setState({ transfers: new Map(transfers.map((one) => [one.id, one])) });
    return (
      <MessageRow
        row={row}
        unread={unread}
        wide
        unfolded={false}
        onFold={() => undefined}
        onOverlay={onOverlay}
        onPerson={onPerson}
      />
    );
  }, calls);
  return { onOverlay, onPerson };
}

describe('a message', () => {
  test('shows how many have not read it; pressing that asks who', async () => {
    const { onOverlay } = await show(message(3), {}, 4);
    const number = screen.getByTestId('message-unread');
    expect(number.textContent).toBe('4');
    fireEvent.click(number);
    expect(onOverlay).toHaveBeenCalledWith(expect.objectContaining({ kind: 'readers' }));
  });

  test('shows no number when everybody has read it', async () => {
    await show(message(3));
    expect(screen.queryByTestId('message-unread')).toBeNull();
  });

  test('opens its addresses outside of the page', async () => {
    const openLink = vi.fn<Bridge['openLink']>(() => Promise.resolve());
    await show(message(3, { text: '보세요 https://a.kr/b 입니다' }), { openLink });
    const notPrevented = fireEvent.click(screen.getByRole('link', { name: 'https://a.kr/b' }));
    expect(openLink).toHaveBeenCalledExactlyOnceWith('https://a.kr/b');
    expect(notPrevented).toBe(false);
  });

  test('shows a script as text', async () => {
    await show(message(3, { text: '<img src=x onerror=alert(1)>' }));
    expect(screen.getByTestId('message-text').textContent).toBe('<img src=x onerror=alert(1)>');
    expect(document.querySelector('img')).toBeNull();
  });

  test('that was deleted shows only that', async () => {
    await show(message(3, { deleted_at: 5, text: '' }));
    expect(screen.getByText('삭제된 메시지입니다.')).toBeDefined();
    expect(screen.queryByTestId('message-menu')).toBeNull();
  });
});

describe('an own message', () => {
  test('says that it waits for the network', async () => {
    await show(unsent(1, { state: 'waiting' }));
    expect(screen.getByTestId('message').dataset.state).toBe('waiting');
    expect(screen.getByText('연결 대기 중')).toBeDefined();
  });

  test.each([
    ['file_content', false],
    ['disk_full', true],
  ])('whose file was refused with %s can be sent again: %s', async (reason, offered) => {
    const failure = { code: 'unavailable', reason, message: '', request_id: '', retry_ms: 0 };
    const refused = unsent(1, { state: 'failed', failure, files: [file('a.pdf', { file_id: '', transfer: 't' })] });
    await show(refused, {}, 0, [transfer('t', { state: 'failed', failure })]);
    expect(screen.queryByTestId('message-resend') !== null).toBe(offered);
    expect(screen.getByTestId('message-discard')).toBeDefined();
    const words = reason === 'disk_full' ? '저장할 공간이 없습니다.' : '파일의 내용이 확장자와';
    expect(screen.getAllByText(words, { exact: false })).toHaveLength(1);
  });

  test('that was refused says why, and can be sent again or discarded', async () => {
    const resend = vi.fn<Bridge['resend']>(() => Promise.resolve());
    const discard = vi.fn<Bridge['discard']>(() => new Promise(() => undefined));
    const failure = { code: 'forbidden', reason: '', message: '', request_id: '', retry_ms: 0 };
    await show(unsent(1, { state: 'failed', failure }), { resend, discard });
    expect(screen.getByRole('alert').textContent).toContain('권한이 없습니다');
    fireEvent.click(screen.getByTestId('message-resend'));
    await vi.waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('message-discard').disabled).toBe(false));
    fireEvent.click(screen.getByTestId('message-discard'));
    expect(resend).toHaveBeenCalledExactlyOnceWith('u1');
    expect(discard).toHaveBeenCalledExactlyOnceWith('u1');
  });
});
