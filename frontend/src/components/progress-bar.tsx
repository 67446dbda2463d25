import styles from './progress-bar.module.css';

export interface ProgressBarProps {
  label: string;
  done: number;
  /** All that there is to do. */
  of: number;
}

/** How far something is, as a line that fills. */
export function ProgressBar({ label, done, of }: ProgressBarProps) {
  return <progress className={styles.bar} aria-label={label} max={Math.max(1, of)} value={Math.min(done, of)} />;
}
