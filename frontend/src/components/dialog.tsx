import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useReturnFocus } from './use-return-focus';
import { useCover } from './window-focus';

export interface DialogProps {
  title: string;
  /** In pixels. */
  width?: number;
  children: ReactNode;
  onClose: () => void;
}

/**
 * A window above everything, there as long as it is rendered. Esc and a press outside close it. The focus goes to what
 * has `data-autofocus`, and in the end back to where it was.
 */
export function Dialog({ title, width = 400, children, onClose }: DialogProps) {
  const { t } = useTranslation();
  useReturnFocus();
  useCover();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={`${width / 16}rem`}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {children}
    </Modal>
  );
}
