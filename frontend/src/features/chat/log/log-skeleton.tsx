import { useTranslation } from 'react-i18next';
import styles from './log-skeleton.module.css';

const widths = [46, 62, 30, 54, 38, 66];

/** Grey bubbles while a conversation loads. They appear only when that takes a moment. */
export function LogSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={styles.log} role="status" aria-label={t('loading')}>
      {widths.map((width, row) => (
        <span key={width} className={styles.bone} data-mine={row % 3 === 2} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
