import { useTranslation } from 'react-i18next';
import { icons } from './integrations-model';
import styles from './integrations.module.css';

export interface IconChoiceProps {
  value: string;
  onChange: (icon: string) => void;
}

/** Chooses the emoji that stands for a bot. */
export function IconChoice({ value, onChange }: IconChoiceProps) {
  const { t } = useTranslation('integrations');
  return (
    <fieldset className={styles.icons}>
      <legend className={styles.legend}>{t('icon')}</legend>
      {icons.map((icon) => (
        <label key={icon} className={styles.icon} data-chosen={icon === value}>
          <input
            type="radio"
            name="integration-icon"
            className={styles.radio}
            value={icon}
            checked={icon === value}
            onChange={() => onChange(icon)}
          />
          {icon}
        </label>
      ))}
    </fieldset>
  );
}
