import { ActionIcon, Tooltip } from '@mantine/core';
import type { MouseEventHandler, ReactNode, Ref } from 'react';

export interface IconButtonProps {
  label: string;
  children: ReactNode;
  onClick: MouseEventHandler<HTMLButtonElement>;
  /** Keeps the focus, and with it a syllable that is being composed, where it is. */
  keepFocus?: boolean;
  testId?: string;
  shortcut?: string;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that is only an icon; its label shows as a tooltip and is read aloud. */
export function IconButton({ label, children, onClick, keepFocus = false, testId, shortcut, ref }: IconButtonProps) {
  return (
    <Tooltip label={shortcut ? `${label} (${shortcut})` : label}>
      <ActionIcon
        ref={ref}
        variant="subtle"
        color="gray"
        c="var(--ink2)"
        size={32}
        aria-label={label}
        data-testid={testId}
        onClick={onClick}
        {...(keepFocus ? { onMouseDown: (event) => event.preventDefault() } : {})}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
