import { CloseButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '@/components/notice';
import styles from './store-notice.module.css';

/** Says once that the local store was made anew, and that nothing is lost. */
export function StoreNotice() {
  const { t } = useTranslation();
  const [shown, setShown] = useState(true);
  if (!shown) return null;
  return (
    <div className={styles.place}>
      <Notice kind="warn" testId="store-notice">
        <div className={styles.row}>
          {t('store_reset')}
          <CloseButton aria-label={t('close')} onClick={() => setShown(false)} />
        </div>
      </Notice>
    </div>
  );
}
