import { IconAlertTriangle, IconCircleCheck, IconCircleMinus, IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { useHealthWords } from './use-health-words';
import styles from './health.module.css';

const pictures = { ok: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX, off: IconCircleMinus };

/** Whether a part of the server is well: by its shape, its colour and its name. */
export function StateIcon({ state }: { state: ReturnType<typeof useHealthWords>['state'] }) {
  const { t } = useTranslation('health');
  const Picture = pictures[state];
  return <Picture className={styles.icon} data-state={state} role="img" aria-label={t(`state.${state}`)} />;
}
