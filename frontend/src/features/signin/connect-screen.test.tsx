import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { ServerCheck } from '@/bridge/types';
import { renderPage } from '@/test-page';
import { ConnectScreen } from './connect-screen';

const refusal = { code: 'bad_request', reason: '', message: '', request_id: '', retry_ms: 0 };
const found: ServerCheck = {
  address: 'https://talk.company.co.kr',
  name: '하이컴퍼니',
  version: '1.0',
  encrypted: true,
  fingerprint: '',
  issuer: '',
};

async function check(address: string, checkServer: Bridge['checkServer']) {
  await renderPage(() => <ConnectScreen />, { checkServer }, 'phase=connect');
  fireEvent.change(screen.getByTestId('connect-address'), { target: { value: address } });
  fireEvent.click(screen.getByTestId('connect-submit'));
}

const said = '주소는 http:// 또는 https://로 시작해야 합니다.';

test('what is wrong with the address stands at its field, and what was typed stays', async () => {
  const checkServer = vi.fn<Bridge['checkServer']>(async () => {
    throw new Error(JSON.stringify({ ...refusal, fields: [{ field: 'address', message: said }] }));
  });
  await check('ftp://talk', checkServer);
  await screen.findByText(said);
  const field = screen.getByTestId<HTMLInputElement>('connect-address');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(field.value).toBe('ftp://talk');
  expect(screen.getByTestId('connect-problem')).toBeTruthy();

  checkServer.mockResolvedValue(found);
  fireEvent.change(field, { target: { value: 'talk.company.co.kr' } });
  fireEvent.click(screen.getByTestId('connect-submit'));
  await screen.findByTestId('connect-found');
  expect(checkServer).toHaveBeenLastCalledWith('talk.company.co.kr');
  expect(screen.queryByText(said)).toBeNull();
});

test('a server that does not answer is no fault of the field', async () => {
  await check('127.0.0.1:9', async () => ({ ...found, problem: { ...refusal, code: 'offline' } }));
  await screen.findByTestId('connect-problem');
  expect(screen.getByTestId('connect-address').getAttribute('aria-invalid')).not.toBe('true');
});

test('a server that is refused when it is taken says why, and another can be chosen', async () => {
  const useServer = vi.fn<Bridge['useServer']>(async () => {
    throw new Error(JSON.stringify({ ...refusal, code: 'tls' }));
  });
  await renderPage(() => <ConnectScreen />, { checkServer: async () => found, useServer }, 'phase=connect');
  fireEvent.change(screen.getByTestId('connect-address'), { target: { value: 'talk' } });
  fireEvent.click(screen.getByTestId('connect-submit'));
  fireEvent.click(await screen.findByTestId('connect-use'));
  await waitFor(() => expect(screen.getByTestId('connect-found').querySelector('[data-code=tls]')).toBeTruthy());
  expect(useServer).toHaveBeenCalledWith(found.address, '');
});
