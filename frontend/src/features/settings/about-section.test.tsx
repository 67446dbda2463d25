import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { ToastProvider } from '@/components/toast';
import { renderPage } from '@/test-page';
import { AboutSection } from './about-section';

const page = () => (
  <ToastProvider>
    <AboutSection />
  </ToastProvider>
);

test('licences are asked for when they are opened, found by name, and read one by one', async () => {
  const components = Array.from({ length: 150 }, (_, i) => ({
    name: `example.com/module${i}`,
    version: `v1.${i}.0`,
    licence: i === 77 ? 'ISC' : 'MIT',
    text: i,
  }));
  const licences = vi.fn<Bridge['licences']>(async () => components);
  const licenceText = vi.fn<Bridge['licenceText']>(async (number) => `Permission ${number}`);
  // jsdom lays nothing out: the list and its rows need a height.
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(48);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(400);
  await renderPage(page, { licences, licenceText });
  expect(licences).not.toHaveBeenCalled();
  fireEvent.click(await screen.findByTestId('settings-licences'));
  expect(await screen.findByText('150개')).toBeTruthy();
  fireEvent.change(screen.getByTestId('licences-search'), { target: { value: 'isc' } });
  expect(await screen.findByText('1개')).toBeTruthy();
  fireEvent.click(await screen.findByTestId('licence-row'));
  await waitFor(() => expect(screen.getByTestId('licence-text').textContent).toBe('Permission 77'));
  expect(licenceText).toHaveBeenCalledExactlyOnceWith(77);
  fireEvent.click(screen.getByTestId('licence-back'));
  expect(screen.getByTestId<HTMLInputElement>('licences-search').value).toBe('isc');
  fireEvent.change(screen.getByTestId('licences-search'), { target: { value: '없는 것' } });
  expect(await screen.findByText('찾은 것이 없습니다.')).toBeTruthy();
});

test('a program that was built without them says so', async () => {
  await renderPage(page, { licences: async () => [] });
  fireEvent.click(await screen.findByTestId('settings-licences'));
  expect(await screen.findByTestId('licences-none')).toBeTruthy();
});

test('a server that the administrator has set says so; one that was typed does not', async () => {
  const first = await renderPage(page, {}, 'preset');
  expect(await screen.findByText('관리자가 정한 설정입니다.')).toBeTruthy();
  first.unmount();
  await renderPage(page, {});
  await screen.findByTestId('settings-licences');
  expect(screen.queryByText('관리자가 정한 설정입니다.')).toBeNull();
});

test('updates that the administrator has turned off are named so, and nobody can look for one', async () => {
  await renderPage(page, {}, 'update=off');
  expect(await screen.findByText(/관리자가 업데이트를 껐습니다/)).toBeTruthy();
  await waitFor(() => expect(screen.queryByTestId('update-check')).toBeNull());
});
