import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Settings } from '@/bridge/types';
import styles from './section.module.css';

/** What a section needs to show and change settings. */
export interface SettingsProps {
  settings: Settings;
  onChange: (change: Partial<Settings>) => void;
}

export interface SectionProps {
  title: string;
  children: ReactNode;
}

/** A card of settings that belong together. */
export function Section({ title, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {title}
      </h2>
      {children}
    </section>
  );
}

/** Says of a setting whether the administrator has set it; its control is disabled then, and its Row says so. */
export function useManaged(): (name: keyof Settings) => boolean {
  const managed = useMirror((mirror) => mirror.state.managed);
  return (name) => managed.includes(name);
}

export interface RowProps {
  label: string;
  hint?: string;
  /** The administrator has set it. */
  managed?: boolean;
  children: ReactNode;
}

/** One setting: what it is at the left, its control at the right. */
export function Row({ label, hint, managed, children }: RowProps) {
  const { t } = useTranslation('settings');
  return (
    <div className={styles.row}>
      <span className={styles.words}>
        <span>{label}</span>
        {hint && <span className={styles.hint}>{hint}</span>}
        {managed && <strong className={styles.hint}>{t('managed')}</strong>}
      </span>
      <span className={styles.control}>{children}</span>
    </div>
  );
}
