import { CloseButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '@/components/notice';
import styles from './store-notice.module.css';

/** Says once why everything is fetched anew. */
export function StoreNotice({ why }: { why: 'store_reset' | 'server_reset' }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(true);
  if (!shown) return null;
  return (
    <div className={styles.place}>
      <Notice kind="warn" testId="store-notice">
        <div className={styles.row}>
          {t(why)}
          <CloseButton aria-label={t('close')} onClick={() => setShown(false)} />
        </div>
      </Notice>
    </div>
  );
}
