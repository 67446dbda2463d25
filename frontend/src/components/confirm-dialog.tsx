import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog';

export interface ConfirmDialogProps {
  title: string;
  children: ReactNode;
  /** The word on the button that does it. */
  okLabel: string;
  danger?: boolean;
  busy?: boolean;
  /** A field among the children takes the focus itself. */
  hasField?: boolean;
  onOk: () => void;
  onClose: () => void;
}

/** Asks before something that can't be undone. Enter does it, unless something would be lost. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, okLabel, danger = false, busy = false, hasField = false, onOk, onClose } = props;
  const { t } = useTranslation();
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button
          variant="default"
          data-autofocus={(danger && !hasField) || undefined}
          data-testid="confirm-cancel"
          onClick={onClose}
        >
          {t('cancel')}
        </Button>
        <Button
          {...(danger ? { color: 'red' } : {})}
          loading={busy}
          data-autofocus={(!danger && !hasField) || undefined}
          data-testid="confirm-ok"
          onClick={onOk}
        >
          {okLabel}
        </Button>
      </Group>
    </Dialog>
  );
}
