import { PasswordInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { passwordStrength } from './password-strength';
import { StrengthMeter } from './strength-meter';

/** A new password as it is typed, twice. */
export interface NewPassword {
  password: string;
  again: string;
}

export const emptyPassword: NewPassword = { password: '', again: '' };

const shortest = 8; // wire.MinPasswordRunes

/** What keeps a new password from being sent: the key of a text in signin.json under "wrong". */
export function wrongPassword({ password, again }: NewPassword): Partial<Record<keyof NewPassword, 'short' | 'again'>> {
  if ([...password].length < shortest) return { password: 'short' };
  return again === password ? {} : { again: 'again' };
}

export interface NewPasswordFieldsProps {
  value: NewPassword;
  username: string;
  /** Mistakes are shown once the form was sent. */
  tried: boolean;
  /** The first field takes the focus. */
  focused?: boolean;
  onChange: (value: NewPassword) => void;
}

/** Asks twice for a new password and shows how well it holds. */
export function NewPasswordFields({ value, username, tried, focused = false, onChange }: NewPasswordFieldsProps) {
  const { t } = useTranslation('signin');
  const wrong = tried ? wrongPassword(value) : {};
  const field = (name: keyof NewPassword) => ({
    label: t(name === 'password' ? 'reset.new_password' : 'reset.new_again'),
    size: 'md',
    value: value[name],
    maxLength: 128,
    autoComplete: 'new-password',
    error: wrong[name] && t(`wrong.${wrong[name]}`),
    'data-testid': `reset-${name}`,
    visibilityToggleButtonProps: { 'aria-label': t('show_password') },
  });
  return (
    <>
      <PasswordInput
        {...field('password')}
        ref={focused ? focusOnce : undefined}
        onChange={(event) => onChange({ ...value, password: event.currentTarget.value })}
      />
      {value.password !== '' && <StrengthMeter strength={passwordStrength(value.password, username)} />}
      <PasswordInput
        {...field('again')}
        onChange={(event) => onChange({ ...value, again: event.currentTarget.value })}
      />
    </>
  );
}

/** One function for all renders, so that React calls it only when the field appears. */
function focusOnce(input: HTMLInputElement | null) {
  input?.focus();
}
