import styles from './logo.module.css';

/** The mark: a bubble that says Hi. */
export function Logo() {
  return (
    <svg className={styles.logo} viewBox="0 0 52 50" aria-hidden="true">
      <path
        className={styles.bubble}
        d="M11 1h30a9 9 0 0 1 9 9v20a9 9 0 0 1-9 9H26.500L14.600 47.700c-.7.6-1.600.1-1.600-.8V39h-2a9 9 0 0 1-9-9V10a9 9 0 0 1 9-9Z"
      />
      <path className={styles.letters} d="M16 10v20M28 10v20M16 20h12M37 18v12" />
      <circle className={styles.dot} cx="37" cy="11" r="2.700" />
    </svg>
  );
}
