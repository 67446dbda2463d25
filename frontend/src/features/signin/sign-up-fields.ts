/** The sign-up form: its fields, and what the page checks before it asks the server. */

/** Every field of the form; all but birth_date are required. */
export interface SignUpValues {
  name: string;
  employee_id: string;
  birth_date: string;
  department: string;
  position: string;
  grade: string;
  email: string;
  username: string;
  password: string;
  again: string;
}

export const emptySignUp: SignUpValues = {
  name: '',
  employee_id: '',
  birth_date: '',
  department: '',
  position: '',
  grade: '',
  email: '',
  username: '',
  password: '',
  again: '',
};

/** What is wrong with a field: the key of a text in signin.json under "wrong". */
export type Wrong = 'empty' | 'email' | 'date' | 'username' | 'short' | 'again';

const email = /^[^\s@]+@[^\s@]+$/;
// As auth.IsUsername of the server: letters and digits of any script, and these marks.
const username = /^(?=.*[\p{L}\p{N}])[\p{L}\p{M}\p{N}._\-@+]{1,100}$/u;
const date = /^\d{4}-\d{2}-\d{2}$/;

/** The fields that can't be sent as they are. */
export function wrongFields(values: SignUpValues): Partial<Record<keyof SignUpValues, Wrong>> {
  const wrong: Partial<Record<keyof SignUpValues, Wrong>> = {};
  for (const [field, value] of Object.entries(values) as [keyof SignUpValues, string][]) {
    if (field !== 'birth_date' && value.trim() === '') wrong[field] = 'empty';
  }
  if (!wrong.email && !email.test(values.email.trim())) wrong.email = 'email';
  if (!wrong.username && !username.test(values.username.trim())) wrong.username = 'username';
  if (values.birth_date !== '' && !date.test(values.birth_date)) wrong.birth_date = 'date';
  if (!wrong.password && [...values.password].length < 8) wrong.password = 'short';
  if (!wrong.again && values.again !== values.password) wrong.again = 'again';
  return wrong;
}
