import { useTranslation } from 'react-i18next';
import styles from './format-help.module.css';

/** How a text is made bold or code. */
export function FormatHelp() {
  const { t } = useTranslation('compose');
  return (
    <dl className={styles.help}>
      <dt>**{t('format.bold')}**</dt>
      <dd>
        <strong>{t('format.bold')}</strong>
      </dd>
      <dt>`{t('format.code')}`</dt>
      <dd>
        <code>{t('format.code')}</code>
      </dd>
      <dt>```</dt>
      <dd>{t('format.block')}</dd>
      <dt>https://</dt>
      <dd>{t('format.link')}</dd>
    </dl>
  );
}
