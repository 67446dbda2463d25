import { CloseButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoreAside } from '@/bridge/types';
import { Notice } from '@/components/notice';
import styles from './store-notice.module.css';

/** Says once why everything is fetched anew. */
export function StoreNotice({ why }: { why: 'store_reset' | 'server_reset' }) {
  const { t } = useTranslation();
  return <Once>{t(why)}</Once>;
}

/** Says once that a store of a newer version was set aside, and what became of the things that were only there. */
export function AsideNotice({ aside }: { aside: StoreAside }) {
  const { t } = useTranslation();
  const { messages, drafts, files, unread, path } = aside;
  const words = [t('store_aside')];
  if (messages + drafts + files > 0) words.push(t('store_aside_taken', { messages, drafts, files }));
  else if (!unread) words.push(t('store_aside_none'));
  if (unread) words.push(t('store_aside_unread', { path }));
  return <Once>{words.join(' ')}</Once>;
}

function Once({ children }: { children: string }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(true);
  if (!shown) return null;
  return (
    <div className={styles.place}>
      <Notice kind="warn" testId="store-notice">
        <div className={styles.row}>
          {children}
          <CloseButton aria-label={t('close')} onClick={() => setShown(false)} />
        </div>
      </Notice>
    </div>
  );
}
