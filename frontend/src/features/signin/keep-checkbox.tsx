import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export interface KeepCheckboxProps {
  keep: boolean;
  /** Whether this desktop has a keyring in which a sign-in can be kept. */
  canKeep: boolean;
  onChange: (keep: boolean) => void;
}

/** Stay signed in after the next start? */
export function KeepCheckbox({ keep, canKeep, onChange }: KeepCheckboxProps) {
  const { t } = useTranslation('signin');
  return (
    <Checkbox
      label={t('keep')}
      checked={keep && canKeep}
      disabled={!canKeep}
      {...(canKeep ? {} : { description: t('no_keyring') })}
      data-testid="signin-keep"
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
