import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '@/bridge/types';
import { fullTime } from '@/i18n/time';
import styles from './audit-section.module.css';
import { useActWords, useDetailText } from './use-act-words';

export interface AuditRowProps {
  entry: AuditEntry;
  onOpen: (entry: AuditEntry) => void;
}

/** An entry: when, who, what, to whom. */
export function AuditRow({ entry, onOpen }: AuditRowProps) {
  const { i18n } = useTranslation('audit');
  const { who, act, subject } = useActWords()(entry);
  const detail = useDetailText()(entry);
  return (
    <button type="button" className={styles.row} data-testid="audit-row" onClick={() => onOpen(entry)}>
      <span className={styles.second}>{fullTime(i18n.language, entry.at)}</span>
      <span className={styles.line}>{who}</span>
      <strong className={styles.lines} title={entry.action}>
        {act}
      </strong>
      <span className={styles.lines}>{subject}</span>
      <span className={styles.second}>{detail}</span>
    </button>
  );
}
