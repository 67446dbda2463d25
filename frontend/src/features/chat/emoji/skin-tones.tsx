import { useTranslation } from 'react-i18next';
import styles from './emoji-picker.module.css';

const hands = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];

export interface SkinTonesProps {
  /** 0: none; 1…5 from light to dark. */
  tone: number;
  onTone: (tone: number) => void;
}

/** In which skin tone hands and people are shown. */
export function SkinTones({ tone, onTone }: SkinTonesProps) {
  const { t } = useTranslation('compose');
  return (
    <div className={styles.tones} role="group" aria-label={t('emoji.tones')}>
      {hands.map((hand, index) => (
        <button
          key={hand}
          type="button"
          className={styles.tone}
          aria-pressed={tone === index}
          aria-label={t(`emoji.tone${index}` as 'emoji.tone0')}
          title={t(`emoji.tone${index}` as 'emoji.tone0')}
          onClick={() => onTone(index)}
        >
          {hand}
        </button>
      ))}
    </div>
  );
}
