import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { fullTime } from '@/i18n/time';
import styles from './audit-section.module.css';
import { useActWords, useDetailText } from './use-act-words';

export interface EntryDialogProps {
  entry: AuditEntry;
  onClose: () => void;
}

/** All that an entry says. */
export function EntryDialog({ entry, onClose }: EntryDialogProps) {
  const { t, i18n } = useTranslation('audit');
  const { who, act, subject } = useActWords()(entry);
  const detail = useDetailText()(entry);
  const facts = [
    [t('at'), fullTime(i18n.language, entry.at)],
    [t('who'), who],
    [t('action_label'), act],
    // As the server writes it, and an export has it.
    [t('action_key'), entry.action],
    [t('on'), subject],
    [t('subject_id'), entry.subject],
    [t('detail'), detail],
    [t('detail_raw'), detail === entry.detail ? '' : entry.detail],
    [t('address'), entry.address],
  ];
  return (
    <Dialog title={t('details', { id: entry.id })} width={480} onClose={onClose}>
      <dl className={styles.facts} data-testid="audit-entry">
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name} className={styles.fact}>
              <dt className={styles.second}>{name}</dt>
              <dd className={styles.value}>{value}</dd>
            </div>
          ))}
      </dl>
    </Dialog>
  );
}
