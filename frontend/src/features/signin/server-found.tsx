import { Button } from '@mantine/core';
import { Fragment, useEffect, useRef } from 'react';
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

/** In pairs, as other programs print it: so that it can be compared. A line ends after a pair. */
function Fingerprint({ hex }: { hex: string }) {
  const pairs = hex.toUpperCase().match(/../g) ?? [];
  return pairs.map((pair, place) => (
    // The same pair may stand twice.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={place}>
      {place > 0 && (
        <>
          :<wbr />
        </>
      )}
      {pair}
    </Fragment>
  ));
}

/** What answers at the address. A certificate that this PC doesn't know must be looked at and accepted. */
export function ServerFound({ check, busy, failure, onUse, onBack }: ServerFoundProps) {
  const { t } = useTranslation('signin');
  const unknown = check.fingerprint !== '';
  const title = useRef<HTMLHeadingElement>(null);
  const use = useRef<HTMLButtonElement>(null);
  // One more Enter goes on; but not past a certificate that nobody has looked at.
  useEffect(() => (unknown ? title : use).current?.focus(), [unknown]);
  return (
    <section className={styles.form} data-testid="connect-found">
      <div>
        <h2 ref={title} tabIndex={-1} className={styles.title}>
          {t('found.title')}
        </h2>
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
          <div className={styles.long}>
            <dt>{t('found.fingerprint')}</dt>
            <dd className={styles.fingerprint} data-testid="connect-fingerprint">
              <Fingerprint hex={check.fingerprint} />
            </dd>
          </div>
        )}
      </dl>
      {failure && <FailureNotice failure={failure} />}
      <div className={styles.buttons}>
        <Button ref={use} size="md" loading={busy} data-testid="connect-use" onClick={onUse}>
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
