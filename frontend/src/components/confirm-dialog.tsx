import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  /** The word on the button that does it. */
  okLabel: string;
  danger?: boolean;
  busy?: boolean;
  onOk: () => void;
  onClose: () => void;
}

/** Asks before something that can't be undone. Esc and a press outside mean no. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, okLabel, danger = false, busy = false, onOk, onClose } = props;
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={400} closeButtonProps={{ 'aria-label': t('close') }}>
      {children}
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button {...(danger ? { color: 'red' } : {})} loading={busy} data-testid="confirm-ok" onClick={onOk}>
          {okLabel}
        </Button>
      </Group>
    </Modal>
  );
}
