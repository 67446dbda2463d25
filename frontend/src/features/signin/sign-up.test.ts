import { describe, expect, it } from 'vitest';
import { passwordStrength } from './password-strength';
import { emptySignUp, wrongFields } from './sign-up-fields';

const whole = {
  ...emptySignUp,
  name: '홍길동',
  employee_id: 'H00061',
  department: '개발1팀',
  position: '팀원',
  grade: '사원',
  email: 'hong@hisemico.example',
  username: 'hong.gildong',
  password: '가나다라마바사1!',
  again: '가나다라마바사1!',
};

describe('wrongFields', () => {
  it('takes a whole form, with and without a birth date', () => {
    expect(wrongFields(whole)).toEqual({});
    expect(wrongFields({ ...whole, birth_date: '1990-02-28' })).toEqual({});
  });

  it('names every missing field but the birth date', () => {
    expect(Object.keys(wrongFields(emptySignUp)).toSorted()).toEqual(
      Object.keys(emptySignUp)
        .filter((field) => field !== 'birth_date')
        .toSorted(),
    );
  });

  it.each([
    ['email', 'hong', 'email'],
    ['email', 'a b@c', 'email'],
    ['username', '..', 'username'],
    ['username', 'hong gildong', 'username'],
    ['username', '../hong', 'username'],
    ['birth_date', '90.2.28', 'date'],
    ['password', '일곱글자입니다', 'short'],
    ['again', '다른 비밀번호', 'again'],
    ['name', '   ', 'empty'],
  ] as const)('refuses %s %j', (field, value, problem) => {
    expect(wrongFields({ ...whole, [field]: value })[field]).toBe(problem);
  });
});

describe('passwordStrength', () => {
  it.each([
    ['short', '1234567'],
    ['weak', '11111111'],
    ['weak', 'abcdefgh'],
    ['weak', 'hong.gildong1!'],
    ['fair', 'abcdefg1'],
    ['good', 'correct horse battery'],
    ['good', '봄날의 곰 1!'],
  ] as const)('calls %s %j', (strength, password) => {
    expect(passwordStrength(password, 'hong.gildong')).toBe(strength);
  });
});
