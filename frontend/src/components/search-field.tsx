import { IconSearch, IconX } from '@tabler/icons-react';
import type { KeyboardEvent, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from './keys';
import styles from './search-field.module.css';

export interface SearchFieldProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  placeholder: string;
  /** Enter: what the list would open; with Shift, back. Not called for the Enter that ends a syllable. */
  onEnter?: (back: boolean) => void;
  onArrow?: (step: 1 | -1) => void;
  shortcut?: string;
  /** Gets the focus when the dialog around it opens. */
  focusFirst?: boolean;
  maxLength?: number;
  testId?: string;
  /** The list through which the arrows move while the focus stays here: its id, while it is there, and the chosen item's. */
  combo?: { list: string | undefined; active: string | undefined };
  ref?: Ref<HTMLInputElement>;
}

/** A search box that filters as one types. The value follows each keystroke at once, as an input method needs. */
export function SearchField(props: SearchFieldProps) {
  const { value, onChange, label, placeholder, onEnter, onArrow, shortcut, focusFirst, testId, combo, ref } = props;
  const { maxLength = 100 } = props;
  const { t } = useTranslation();

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (isComposing(event)) return;
    if (event.key === 'Enter') onEnter?.(event.shiftKey);
    else if (event.key === 'Escape' && value !== '') onChange('');
    else if (onArrow && event.key === 'ArrowDown') onArrow(1);
    else if (onArrow && event.key === 'ArrowUp') onArrow(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={styles.field}>
      <IconSearch className={styles.icon} aria-hidden="true" />
      <input
        ref={ref}
        className={styles.input}
        type="text"
        role={combo ? 'combobox' : 'searchbox'}
        {...(combo && {
          'aria-expanded': combo.list !== undefined,
          'aria-autocomplete': 'list' as const,
          'aria-controls': combo.list,
          'aria-activedescendant': combo.active,
        })}
        value={value}
        aria-label={label}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        maxLength={maxLength}
        data-testid={testId}
        data-autofocus={focusFirst}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {value === '' && shortcut && (
        <kbd className={styles.kbd} aria-hidden="true">
          {shortcut}
        </kbd>
      )}
      {value !== '' && (
        <button type="button" className={styles.clear} aria-label={t('clear')} onClick={() => onChange('')}>
          <IconX className={styles.icon} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
