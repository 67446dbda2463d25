import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAdmin } from '@/features/admin/admin-context';
import styles from './dashboard-section.module.css';

export interface DashboardListProps {
  title: string;
  /** Where all of it is. */
  section: string;
  testId: string;
  children: ReactNode;
}

/** A card of the dashboard, with the way to the section that has all. */
export function DashboardList({ title, section, testId, children }: DashboardListProps) {
  const { t } = useTranslation('dashboard');
  const { onSection } = useAdmin();
  return (
    <section className={styles.card} aria-label={title} data-testid={testId}>
      <div className={styles.head}>
        <h3 className={styles.name}>{title}</h3>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t('all_of', { title })}
          onClick={() => onSection(section)}
        >
          {t('all')}
        </Button>
      </div>
      {children}
    </section>
  );
}
