import { useId, type ReactNode } from 'react';
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

export interface RowProps {
  label: string;
  hint?: string;
  children: ReactNode;
}

/** One setting: what it is at the left, its control at the right. */
export function Row({ label, hint, children }: RowProps) {
  return (
    <div className={styles.row}>
      <span className={styles.words}>
        <span>{label}</span>
        {hint && <span className={styles.hint}>{hint}</span>}
      </span>
      <span className={styles.control}>{children}</span>
    </div>
  );
}
