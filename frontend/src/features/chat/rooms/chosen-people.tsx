import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Profile } from '@/bridge/types';
import styles from './chosen-people.module.css';

export interface ChosenPeopleProps {
  chosen: readonly Profile[];
  onRemove: (person: Profile) => void;
}

/** Those who have been chosen, each with a button that takes them off again. */
export function ChosenPeople({ chosen, onRemove }: ChosenPeopleProps) {
  const { t } = useTranslation('chat');
  if (chosen.length === 0) return null;
  return (
    <ul className={styles.list} aria-label={t('new.selected', { count: chosen.length })}>
      {chosen.map((person) => (
        <li key={person.user_uuid}>
          <button
            type="button"
            className={styles.chip}
            aria-label={t('new.remove', { name: person.name })}
            onClick={() => onRemove(person)}
          >
            {person.name}
            <IconX className={styles.icon} aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}
