import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice } from '@/components/notice';
import styles from './form.module.css';

export interface BrowserViewProps {
  /** What the company calls its sign-in; empty: the usual words. */
  name: string;
  onCancel: () => void;
}

/** While the company's sign-in page is open in the browser. It changes by itself when somebody comes back. */
export function BrowserView({ name, onCancel }: BrowserViewProps) {
  const { t } = useTranslation('signin');
  return (
    <section className={styles.form} data-testid="browser-waits">
      <Notice kind="warn" title={t('browser.title')}>
        {name === '' ? t('browser.text') : t('browser.text_named', { name })}
      </Notice>
      <div className={styles.buttons}>
        <Button size="md" variant="default" data-testid="browser-cancel" onClick={onCancel}>
          {t('browser.cancel')}
        </Button>
      </div>
    </section>
  );
}
