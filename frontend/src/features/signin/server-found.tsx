import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Failure, ServerCheck } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { Notice } from '@/components/notice';
import styles from './form.module.css';

export interface ServerFoundProps {
  check: ServerCheck;
  busy: boolean;
  failure: Failure | undefined;
  onUse: () => void;
  onBack: () => void;
}

/** What answers at the address. A certificate that this PC doesn't know must be looked at and accepted. */
export function ServerFound({ check, busy, failure, onUse, onBack }: ServerFoundProps) {
  const { t } = useTranslation('signin');
  const unknown = check.fingerprint !== '';
  return (
    <section className={styles.form} data-testid="connect-found">
      <div>
        <h2 className={styles.title}>{t('found.title')}</h2>
        <p className={styles.lead}>{t('found.lead')}</p>
      </div>
      {unknown && (
        <Notice kind="warn" title={t('found.unknown_title')}>
          {t('found.unknown_text')}
        </Notice>
      )}
      {!check.encrypted && (
        <Notice kind="warn" title={t('found.plain_title')}>
          {t('found.plain_text')}
        </Notice>
      )}
      <dl className={styles.facts}>
        <Fact name={t('found.company')} value={check.name} />
        <Fact name={t('found.address')} value={check.address} />
        <Fact name={t('found.version')} value={check.version} />
        {check.encrypted && !unknown && <Fact name={t('found.security')} value={t('found.trusted')} />}
        {unknown && <Fact name={t('found.issuer')} value={check.issuer} />}
        {unknown && (
          <div className={styles.fact}>
            <dt>{t('found.fingerprint')}</dt>
            <dd className={styles.fingerprint} data-testid="connect-fingerprint">
              {check.fingerprint}
            </dd>
          </div>
        )}
      </dl>
      {failure && <FailureNotice failure={failure} />}
      <div className={styles.buttons}>
        <Button size="md" loading={busy} data-testid="connect-use" onClick={onUse}>
          {unknown ? t('found.accept') : t('found.use')}
        </Button>
        <Button size="md" variant="default" onClick={onBack}>
          {t('found.other')}
        </Button>
      </div>
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
