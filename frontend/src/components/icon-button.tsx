import { ActionIcon, Tooltip } from '@mantine/core';
import type { ComponentPropsWithRef, ReactNode } from 'react';

export interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'color' | 'style'> {
  label: string;
  children: ReactNode;
  /** Keeps the focus, and with it a syllable that is being composed, where it is. */
  keepFocus?: boolean;
  testId?: string;
  shortcut?: string;
}

/** A button that is only an icon; its label shows as a tooltip and is read aloud. It may be the target of a menu. */
export function IconButton({ label, children, keepFocus = false, testId, shortcut, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={shortcut ? `${label} (${shortcut})` : label}>
      <ActionIcon
        {...rest}
        variant="subtle"
        color="gray"
        c="var(--ink2)"
        size={32}
        aria-label={label}
        data-testid={testId}
        {...(keepFocus ? { onMouseDown: (event) => event.preventDefault() } : {})}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
