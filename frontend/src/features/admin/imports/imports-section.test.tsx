import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import type { PeopleImport } from '@/bridge/types';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import { renderPage } from '@/test-page';
import { ImportsSection } from './imports-section';

const nothing = () => undefined;
const admin = { subject: undefined, role: 'admin', onSection: nothing, onPerson: nothing, onRoom: nothing };

const render = (calls: Partial<Bridge> = {}, query = '') =>
  renderPage(
    () => (
      <ToastProvider>
        <AdminProvider admin={admin}>
          <ImportsSection />
        </AdminProvider>
      </ToastProvider>
    ),
    calls,
    query,
  );

const stateIs = async (state: string) => {
  await waitFor(() => expect(screen.getByTestId('import-state').dataset['state']).toBe(state));
};

test('a chosen file is compared, and applied after one was asked', async () => {
  const applyImport = vi.fn<Bridge['applyImport']>(async () => undefined);
  await render({ applyImport });
  await screen.findByTestId('imports-empty');
  fireEvent.click(screen.getByTestId('import-choose'));
  await screen.findByTestId('import-state');
  expect(screen.getByTestId('import-count-create').textContent).toBe('2');
  expect(screen.getByText('개발본부 > 개발3팀')).toBeTruthy();
  fireEvent.click(screen.getByTestId('import-apply'));
  expect(await screen.findByText(/새로 추가 2명, 변경 2명입니다/)).toBeTruthy();
  expect(applyImport).not.toHaveBeenCalled();
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(applyImport).toHaveBeenCalledTimes(1));
});

test('one that is at work is found again, is asked for until it ends, and can be cancelled', async () => {
  const answers = ['applying', 'applying', 'cancelled'];
  const endImport = vi.fn<Bridge['endImport']>(async () => undefined);
  const at = (state: string): PeopleImport => ({
    state,
    total: 6,
    done: 2,
    counts: { created: 2, create: 2, error: 2 },
    columns: [],
    ignored_columns: [],
    new_departments: [],
    failure: '',
    created_at: 1,
  });
  await render({ importStatus: async () => at(answers.length > 1 ? (answers.shift() ?? '') : 'cancelled'), endImport });
  await screen.findByTestId('import-state');
  expect(screen.getByText('4명 중 2명')).toBeTruthy();
  fireEvent.click(screen.getByTestId('import-cancel'));
  await waitFor(() => expect(endImport).toHaveBeenCalledTimes(1));
  await stateIs('cancelled');
  expect(screen.getByText(/2명은 이미 적용되었고/)).toBeTruthy();
  expect(screen.getByTestId('import-apply').textContent).toContain('나머지 2명');
});

test('a file that could not be compared says why in the reader’s language', async () => {
  await render({}, 'importing=failed');
  const failed = await screen.findByTestId('import-failed');
  expect(failed.textContent).toContain('이름과 사번 열을 찾지 못했습니다');
  expect(screen.queryByTestId('import-apply')).toBeNull();
});

test('a refused file says so, and what was there stays', async () => {
  await render(
    {
      chooseImport: async () => {
        throw new Error('{"code":"too_large","reason":"","message":"","request_id":"","retry_ms":0}');
      },
    },
    'importing=ready',
  );
  await screen.findByTestId('import-state');
  fireEvent.click(screen.getByTestId('import-choose'));
  expect(await screen.findByTestId('import-choose-problem')).toBeTruthy();
  await stateIs('ready');
});

test('codes are made only after one was told that the ones before are void', async () => {
  const saveImportCodes = vi.fn<Bridge['saveImportCodes']>(async () => true);
  await render({ saveImportCodes }, 'importing=applied');
  fireEvent.click(await screen.findByTestId('import-codes'));
  expect(await screen.findByText(/전에 만든 코드는 쓸 수 없게/)).toBeTruthy();
  expect(saveImportCodes).not.toHaveBeenCalled();
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(saveImportCodes).toHaveBeenCalledTimes(1));
});

test('a status that can not be read offers another try', async () => {
  let fails = true;
  await render({
    importStatus: async () => {
      if (fails) throw new Error('{"code":"timeout","reason":"","message":"","request_id":"","retry_ms":0}');
      return { ...empty };
    },
  });
  const retry = await screen.findByText('다시 시도');
  fails = false;
  fireEvent.click(retry);
  expect(await screen.findByTestId('imports-empty')).toBeTruthy();
});

const empty: PeopleImport = {
  state: '',
  total: 0,
  done: 0,
  counts: {},
  columns: [],
  ignored_columns: [],
  new_departments: [],
  failure: '',
  created_at: 0,
};
