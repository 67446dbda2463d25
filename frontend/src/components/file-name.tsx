import { nameParts, shownName } from './file-names';
import styles from './file-name.module.css';

export interface FileNameProps {
  name: string;
}

/** A file's name in one line: without room for all of it its middle goes, and never the extension. */
export function FileName({ name }: FileNameProps) {
  const { start, end } = nameParts(name);
  return (
    <span className={styles.name} title={shownName(name)}>
      {start !== '' && <bdi className={styles.start}>{start}</bdi>}
      <bdi className={styles.end}>{end}</bdi>
    </span>
  );
}
