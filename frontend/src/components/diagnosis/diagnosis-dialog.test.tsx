import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { ToastProvider } from '@/components/toast';
import { renderPage } from '@/test-page';
import { DiagnosisLink } from './diagnosis-link';

const page = () => (
  <ToastProvider>
    <DiagnosisLink />
  </ToastProvider>
);

test('each fault is named with its cause and what to do, and IT gets the core’s own text', async () => {
  const copyText = vi.fn<Bridge['copyText']>(async () => undefined);
  await renderPage(page, { copyText }, 'diagnosis=faults');
  fireEvent.click(screen.getByTestId('diagnosis-open'));
  const certificate = await screen.findByTestId('finding-certificate');
  expect(certificate.textContent).toContain(
    '다른 서버의 인증서입니다: intra.hanbit.example (talk.hanbit.example 아님)',
  );
  expect(certificate.textContent).toContain('IT 담당자에게 문의해 주세요');
  expect(screen.getByTestId('finding-store').textContent).toContain('남은 공간 47GB');
  expect((await screen.findByTestId('diagnosis-summary')).textContent).toBe('문제 5건 · 살펴볼 것 4건');
  fireEvent.click(screen.getByTestId('diagnosis-copy'));
  await waitFor(() => expect(copyText).toHaveBeenCalledExactlyOnceWith('Hi_Msg 0.2.0 on linux/amd64\n'));
});

test('signed out, it works as well, and the proxy can be chosen', async () => {
  const saveSettings = vi.fn<Bridge['saveSettings']>(async () => undefined);
  await renderPage(page, { saveSettings }, 'phase=connect');
  fireEvent.click(screen.getByTestId('diagnosis-open'));
  expect((await screen.findByTestId('diagnosis-summary')).textContent).toBe('이상이 없습니다.');
  expect(screen.getByTestId('finding-socket').textContent).toContain('로그인한 뒤에 검사합니다.');
  fireEvent.click(screen.getByText('사용 안 함'));
  await waitFor(() => expect(saveSettings).toHaveBeenCalledOnce());
  expect(saveSettings.mock.calls[0]?.[0].proxy).toEqual({ mode: 'none', address: '' });
});
