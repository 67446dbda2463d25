import styles from './logo.module.css';

/** The mark: a bubble that says Hi. The shapes are those of the app's icon, desktop/build/appicon.svg. */
export function Logo() {
  return (
    <svg className={styles.logo} viewBox="0 0 54 54" aria-hidden="true">
      <path
        className={styles.bubble}
        d="M10 5h34a8 8 0 0 1 8 8v22a8 8 0 0 1-8 8H27.500L14 52v-9h-4a8 8 0 0 1-8-8V13a8 8 0 0 1 8-8z"
      />
      <path className={styles.letters} d="M17 15v18M17 24h10M27 15v18M36 22v11" />
      <circle className={styles.dot} cx="36" cy="15.400" r="2.700" />
    </svg>
  );
}
