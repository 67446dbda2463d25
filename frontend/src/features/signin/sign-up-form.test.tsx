import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Failure } from '@/bridge/types';
import { renderPage } from '@/test-page';
import { SignUpForm } from './sign-up-form';

const refusal = { code: 'bad_request', message: '', request_id: '', retry_ms: 0 };

const typed = {
  name: '한가람',
  employee_id: 'A1',
  department: '인사팀',
  position: '사원',
  grade: '사원',
  email: 'a@b.c',
  username: 'garam',
  password: 'long enough 1',
  again: 'long enough 1',
};

async function send(failure: Failure) {
  const onSubmit = vi.fn<() => void>();
  await renderPage(() => (
    <SignUpForm busy={false} failure={failure} departments={[]} onSubmit={onSubmit} onBack={() => undefined} />
  ));
  for (const [field, value] of Object.entries(typed)) {
    fireEvent.change(screen.getByTestId(`signup-${field}`), { target: { value } });
  }
  fireEvent.click(screen.getByTestId('signup-submit'));
  expect(onSubmit).toHaveBeenCalledOnce();
}

test('what the server says of a field stands beside it until it is written anew', async () => {
  await send({ ...refusal, reason: '', fields: [{ field: 'email', message: '쓸 수 없는 주소입니다.' }] });
  expect(screen.getByText('쓸 수 없는 주소입니다.')).toBeTruthy();
  expect(screen.getByTestId('signup-email').getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByTestId('signup-name').getAttribute('aria-invalid')).not.toBe('true');
  fireEvent.change(screen.getByTestId('signup-email'), { target: { value: 'b@b.c' } });
  expect(screen.queryByText('쓸 수 없는 주소입니다.')).toBeNull();
});

test('what is taken is said beside its field', async () => {
  await send({ ...refusal, reason: 'username_taken' });
  expect(screen.getByTestId('signup-username').getAttribute('aria-invalid')).toBe('true');
  expect(screen.getAllByText('이미 쓰이고 있는 아이디입니다.')).toHaveLength(2);
});
