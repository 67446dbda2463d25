import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconPointFilled } from '@tabler/icons-react';
import { useTexts } from '@/i18n/use-texts';
import type { Standing } from './notice-rules';
import styles from './standing-mark.module.css';

const icons = {
  overdue: IconAlertTriangle,
  to_confirm: IconCircleDashed,
  unread: IconPointFilled,
  confirmed: IconCircleCheck,
};

export interface StandingMarkProps {
  standing: Standing;
}

/** Says in a word and a sign where the reader is with a notice; nothing for one that was only to be read. */
export function StandingMark({ standing }: StandingMarkProps) {
  const { t } = useTexts('notices');
  if (standing === 'read') return null;
  const Icon = icons[standing];
  return (
    <span className={styles.mark} data-standing={standing}>
      <Icon className={styles.icon} aria-hidden="true" />
      {t(`standing.${standing}`)}
    </span>
  );
}
