import { Popover } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './filter-chip.module.css';

export interface FilterChipProps {
  name: string;
  label: string;
  /** What it is set to; empty: nothing. */
  value: string;
  onClear: () => void;
  /** What opens below it. */
  children: (close: () => void) => ReactNode;
}

/** A button that says what a filter is set to, and opens what sets it. */
export function FilterChip({ name, label, value, onClear, children }: FilterChipProps) {
  const { t } = useTranslation('search');
  const [opened, setOpened] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => setOpened(false);
  return (
    <span className={styles.chip} data-set={value !== ''}>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" withinPortal trapFocus returnFocus>
        <Popover.Target>
          <button
            ref={button}
            type="button"
            className={styles.main}
            data-testid={`search-filter-${name}`}
            aria-label={value === '' ? label : `${label}: ${value}`}
            onClick={() => setOpened((held) => !held)}
          >
            <span className={styles.text}>{value || label}</span>
            {value === '' && <IconChevronDown className={styles.small} aria-hidden="true" />}
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={label}>{children(close)}</Popover.Dropdown>
      </Popover>
      {value !== '' && (
        <button
          type="button"
          className={styles.clear}
          aria-label={t('filter.clear', { name: label })}
          data-testid={`search-clear-${name}`}
          onClick={() => {
            onClear();
            button.current?.focus();
          }}
        >
          <IconX className={styles.small} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}
