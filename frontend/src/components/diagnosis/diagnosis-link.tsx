import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './diagnosis-link.module.css';
import { DiagnosisDialog } from './diagnosis-dialog';

/** Opens the diagnosis from the screens before the main window. */
export function DiagnosisLink() {
  const { t } = useTranslation('diagnosis');
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={styles.link} data-testid="diagnosis-open" onClick={() => setOpen(true)}>
        {t('link')}
      </button>
      {open && <DiagnosisDialog onClose={() => setOpen(false)} />}
    </>
  );
}
