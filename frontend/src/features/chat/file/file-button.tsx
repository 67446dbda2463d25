import type { Icon } from '@tabler/icons-react';
import styles from './file-button.module.css';

export interface FileButtonProps {
  icon: Icon;
  /** What it does. */
  label: string;
  /** What it does to which file, for screen readers. */
  spoken: string;
  testId: string;
  onPress: () => void;
}

/** A small button beside a file. Without a tooltip of its own: rows of the log must cost little. */
export function FileButton({ icon: Picture, label, spoken, testId, onPress }: FileButtonProps) {
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={spoken}
      title={label}
      data-testid={testId}
      onClick={onPress}
    >
      <Picture className={styles.icon} aria-hidden="true" />
    </button>
  );
}
