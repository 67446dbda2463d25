import { Popover, VisuallyHidden } from '@mantine/core';
import { IconAlertCircle, IconTransfer } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { TransferList } from './transfer-list';
import { isMoving, listed } from './transfer-state';
import styles from './transfer-button.module.css';

/** Says how many files are on their way, wherever one is in the app, and opens the list of them. Nothing without any. */
export function TransferButton() {
  const { t } = useTranslation('file');
  const transfers = useMirror((mirror) => mirror.transfers);
  const shown = useMemo(() => listed(transfers), [transfers]);
  const [open, setOpen] = useState(false);
  const moving = shown.filter(isMoving).length;
  const failed = shown.filter((transfer) => transfer.state === 'failed').length;
  if (shown.length === 0) return null;
  const label =
    moving > 0
      ? t('transfers.button', { count: moving })
      : failed > 0
        ? t('transfers.button_failed', { count: failed })
        : t('transfers.button_idle');
  const Picture = moving === 0 && failed > 0 ? IconAlertCircle : IconTransfer;
  return (
    <Popover opened={open} onChange={setOpen} position="right-end" width="22.5rem" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={styles.button}
          data-moving={moving > 0}
          title={label}
          data-testid="transfers-button"
          onClick={() => setOpen(!open)}
        >
          <Picture className={styles.icon} aria-hidden="true" />
          <VisuallyHidden>{label}</VisuallyHidden>
          <span aria-hidden="true">{moving || failed || ''}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t('transfers.title')}>
        {/* Something in it must be able to take the focus, also when nothing is left to press. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className={styles.region} tabIndex={0} role="region" aria-label={t('transfers.title')} data-autofocus>
          <TransferList transfers={shown} />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
