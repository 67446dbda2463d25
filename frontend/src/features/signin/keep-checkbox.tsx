import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export interface KeepCheckboxProps {
  keep: boolean;
  /** Whether this desktop has a keyring in which a sign-in can be kept. */
  canKeep: boolean;
  /** Whether the keyring is locked: who unlocks it is signed in without a word. */
  waits?: boolean | undefined;
  onChange: (keep: boolean) => void;
}

/** Stay signed in after the next start? */
export function KeepCheckbox({ keep, canKeep, waits, onChange }: KeepCheckboxProps) {
  const { t } = useTranslation('signin');
  return (
    <Checkbox
      label={t('keep')}
      checked={keep && canKeep}
      disabled={!canKeep}
      {...(canKeep ? {} : { description: t(waits ? 'keyring_waits' : 'no_keyring') })}
      data-testid="signin-keep"
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
