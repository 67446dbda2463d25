import { useTranslation } from 'react-i18next';
import styles from './form.module.css';
import type { Strength } from './password-strength';

const bars: Record<Strength, number> = { short: 0, weak: 1, fair: 2, good: 3 };

export interface StrengthMeterProps {
  strength: Strength;
}

/** Three bars and a word. */
export function StrengthMeter({ strength }: StrengthMeterProps) {
  const { t } = useTranslation('signin');
  return (
    <output className={styles.meter}>
      {[1, 2, 3].map((bar) => (
        <span key={bar} className={styles.bar} data-on={bar <= bars[strength] ? strength : undefined} />
      ))}
      <span className={styles.word}>{t(`strength.${strength}`)}</span>
    </output>
  );
}
