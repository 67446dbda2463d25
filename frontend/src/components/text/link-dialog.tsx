import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { destination, type Strangeness } from './links';
import styles from './link-dialog.module.css';

export interface LinkDialogProps {
  address: string;
  strange: Strangeness;
  /** Gets the address that is safe to open: no name and password in front of the host. */
  onOpen: (address: string) => void;
  onClose: () => void;
}

/** Shows where a strange address really leads, before it opens. */
export function LinkDialog({ address, strange, onOpen, onClose }: LinkDialogProps) {
  const { t } = useTranslation('message');
  const real = destination(address);
  if (!real) return null;
  return (
    <ConfirmDialog
      danger
      title={t('link.title')}
      okLabel={t('link.open')}
      onOk={() => onOpen(real.address)}
      onClose={onClose}
    >
      <p className={styles.why}>{t(`link.${strange}`)}</p>
      <dl className={styles.list}>
        <dt>{t('link.host')}</dt>
        <dd className={styles.host} dir="ltr" data-testid="link-host">
          {real.host}
        </dd>
        <dt>{t('link.written')}</dt>
        <dd className={styles.address} dir="ltr">
          {address}
        </dd>
      </dl>
    </ConfirmDialog>
  );
}
