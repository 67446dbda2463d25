import {
  IconFile,
  IconFileSpreadsheet,
  IconFileText,
  IconFileTypePdf,
  IconFileTypeTxt,
  IconFileZip,
  IconPhoto,
  IconPresentation,
  type Icon,
} from '@tabler/icons-react';
import { kindOf, type FileKind } from './file-kind';
import styles from './file-icon.module.css';

const icons: Record<FileKind, Icon> = {
  picture: IconPhoto,
  pdf: IconFileTypePdf,
  document: IconFileText,
  sheet: IconFileSpreadsheet,
  slides: IconPresentation,
  archive: IconFileZip,
  text: IconFileTypeTxt,
  other: IconFile,
};

/** The icon of what a file is. The name beside it says the same. */
export function FileIcon({ name }: { name: string }) {
  const kind = kindOf(name);
  const Picture = icons[kind];
  return (
    <span className={styles.icon} data-kind={kind} aria-hidden="true">
      <Picture className={styles.picture} />
    </span>
  );
}
