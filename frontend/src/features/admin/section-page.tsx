import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/components/icon-button';
import { useAdmin } from './admin-context';
import styles from './section-page.module.css';

export interface SectionPageProps {
  title: string;
  /** A sentence under the title. */
  lead?: string;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** The content scrolls by itself: a table that fills the window. */
  filled?: boolean;
  children: ReactNode;
}

/** A section's head and its content; in a narrow window with the way back to the list of sections. */
export function SectionPage({ title, lead, actions, filled = false, children }: SectionPageProps) {
  const { t } = useTranslation();
  const { onSection } = useAdmin();
  return (
    <div className={styles.page} data-filled={filled}>
      <header className={styles.head}>
        <span className={styles.back}>
          <IconButton label={t('back')} testId="admin-back" onClick={() => onSection(undefined)}>
            <IconArrowLeft className={styles.icon} aria-hidden="true" />
          </IconButton>
        </span>
        <div className={styles.words}>
          <h2 className={styles.title}>{title}</h2>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={styles.content}>{children}</div>
    </div>
  );
}
