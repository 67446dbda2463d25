import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DiagnosisLink } from '@/components/diagnosis/diagnosis-link';
import { Logo } from '@/components/logo';
import { UpdateNotice } from '@/components/update-notice';
import styles from './frame.module.css';

export interface FrameProps {
  children: ReactNode;
  footer?: ReactNode;
}

/** What stands around every screen before the main window: the mark, one column, a line at the foot. */
export function Frame({ children, footer }: FrameProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.frame}>
      <main className={styles.column}>
        <header className={styles.head}>
          <Logo />
          <div>
            <h1 className={styles.app}>{t('app')}</h1>
            <p className={styles.tagline}>{t('tagline')}</p>
          </div>
        </header>
        <UpdateNotice />
        {children}
        <footer className={styles.footer}>
          {footer}
          <DiagnosisLink />
        </footer>
      </main>
    </div>
  );
}
