import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { renderPage } from '@/test-page';
import { AccountScreen } from './account-screen';

const shown = (testId: string) => screen.findByTestId(testId);
const type = async (testId: string, value: string) => fireEvent.change(await shown(testId), { target: { value } });
const press = async (testId: string) => fireEvent.click(await shown(testId));

async function open(query: string, calls: Partial<Bridge> = {}) {
  return renderPage(() => <AccountScreen />, calls, query);
}

test('from the question to the new password', async () => {
  const finishReset = vi.fn<Bridge['finishReset']>(async () => undefined);
  await open('phase=signed_out', { finishReset });
  await press('forgot-open');
  expect((await shown('forgot-submit')).closest('button')?.disabled).toBe(true);
  await type('forgot-username', 'minseo.han');
  await type('forgot-employee_id', 'E0001');
  await type('forgot-department', '개발1팀');
  await press('forgot-submit');
  expect((await shown('reset-code')).textContent).toBe('K7PQ');
  await press('reset-check');
  await type('reset-password', 'correct horse');
  await type('reset-again', 'correct house');
  await press('reset-submit');
  expect(await screen.findByText('비밀번호가 서로 다릅니다.')).toBeTruthy();
  expect(finishReset).not.toHaveBeenCalled();
  await type('reset-again', 'correct horse');
  await press('reset-submit');
  await waitFor(() => expect(finishReset).toHaveBeenCalledExactlyOnceWith('correct horse', true));
});

test.each([
  ['rejected', '요청이 반려되었습니다.'],
  ['expired', '시간이 지났습니다.'],
  ['replaced', '이 요청은 더 이상 쓸 수 없습니다.'],
  ['lost', '이 PC에서 요청을 이어 갈 수 없습니다.'],
])('a request that is %s says so and leads to a new one', async (state, title) => {
  await open(`phase=resetting&reset=${state}`);
  expect(await screen.findByText(title)).toBeTruthy();
  await press('reset-again');
  await shown('forgot-username');
});

test('a password that was set leads to signing in', async () => {
  await open('phase=resetting&reset=completed');
  expect(await screen.findByText('새 비밀번호를 저장했습니다.')).toBeTruthy();
  await press('reset-leave');
  await shown('signin-username');
});

test('a wrong one-time code is told alike whatever is wrong with it', async () => {
  await open('phase=signed_out');
  await press('forgot-open');
  await press('forgot-code');
  await type('code-username', 'minseo.han');
  await type('code-code', 'wrong');
  await type('reset-password', 'correct horse');
  await type('reset-again', 'correct horse');
  await press('code-submit');
  expect((await shown('code-problem')).textContent).toContain('아이디 또는 코드가 맞지 않거나');
});

test('who was rejected signs up again', async () => {
  await open('phase=waiting&sign_up=rejected');
  expect(await screen.findByText('사유: 사번이 확인되지 않습니다.')).toBeTruthy();
  await press('signup-again');
  await shown('signup-name');
});

test('an approval changes the waiting screen by itself', async () => {
  const { session } = await open('phase=waiting');
  expect((await shown('signup-state')).dataset['state']).toBe('pending');
  void session.bridge.checkSignUp(); // as the core does every few seconds
  await waitFor(() => expect(screen.getByTestId('signup-state').dataset['state']).toBe('active'));
});
