import { useTranslation } from 'react-i18next';
import type { NoticeDepartment } from '@/bridge/types';
import { ProgressBar } from '@/components/progress-bar';
import styles from './notices-section.module.css';

export interface ProgressProps {
  count: Pick<NoticeDepartment, 'asked' | 'read' | 'confirmed'>;
  confirm: boolean;
}

/** How many of those whom a notice asks have done what it asks for. */
export function Progress({ count, confirm }: ProgressProps) {
  const { t, i18n } = useTranslation('notices_admin');
  const number = new Intl.NumberFormat(i18n.language);
  const done = confirm ? count.confirmed : count.read;
  const text = t(confirm ? 'confirmed_of' : 'read_of', {
    done: number.format(done),
    asked: number.format(count.asked),
  });
  return (
    <span className={styles.progress}>
      <span className={styles.second}>{text}</span>
      <ProgressBar label={text} done={done} of={count.asked} />
    </span>
  );
}
