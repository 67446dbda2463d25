import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SearchField } from '@/components/search-field';
import styles from './choice-list.module.css';

/** A room or a person to choose. */
export interface Choice {
  id: string;
  name: string;
  /** What tells it from others of that name. */
  place: string;
}

/** More than these nobody reads: one types another letter. */
const mostShown = 50;

export interface ChoiceListProps {
  label: string;
  choices: (query: string) => readonly Choice[];
  onChoose: (id: string) => void;
}

/** A field and the list of what it finds, to choose one from; with the mouse, or with arrows and Enter. */
export function ChoiceList({ label, choices, onChoose }: ChoiceListProps) {
  const { t } = useTranslation('search');
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const found = choices(query).slice(0, mostShown);
  const chosen = Math.min(at, found.length - 1);
  return (
    <div className={styles.choice}>
      <SearchField
        value={query}
        onChange={(next) => {
          setQuery(next);
          setAt(0);
        }}
        label={label}
        placeholder={label}
        focusFirst
        testId="search-choice-input"
        combo={{ list: id, active: chosen >= 0 ? `${id}-${chosen}` : undefined }}
        onEnter={() => {
          const choice = found[chosen];
          if (choice) onChoose(choice.id);
        }}
        onArrow={(step) => {
          const next = Math.min(found.length - 1, Math.max(0, chosen + step));
          setAt(next);
          document.querySelector(`[id="${id}-${next}"]`)?.scrollIntoView({ block: 'nearest' });
        }}
      />
      <div id={id} role="listbox" aria-label={label} className={styles.list}>
        {found.map((choice, i) => (
          // The keys are the field's: it has the focus.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events jsx-a11y/interactive-supports-focus
          <div
            key={choice.id}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === chosen}
            className={styles.option}
            data-testid="search-choice"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(choice.id)}
          >
            <span className={styles.name}>{choice.name}</span>
            <span className={styles.place}>{choice.place}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className={styles.none} role="status">
          {t('filter.none')}
        </p>
      )}
    </div>
  );
}
