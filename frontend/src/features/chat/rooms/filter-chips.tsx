import { IconStar } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { roomFilters, type RoomFilter } from './room-list';
import styles from './filter-chips.module.css';

export interface FilterChipsProps {
  chosen: RoomFilter;
  /** How many rooms have something unread. */
  unread: number;
  onChoose: (filter: RoomFilter) => void;
}

/** Which rooms are shown. */
export const FilterChips = memo(function FilterChips({ chosen, unread, onChoose }: FilterChipsProps) {
  const { t } = useTranslation('chat');
  return (
    <div className={styles.chips} role="group" aria-label={t('filter.group')}>
      {roomFilters.map((filter) => (
        <button
          key={filter}
          type="button"
          className={styles.chip}
          aria-pressed={filter === chosen}
          aria-label={filter === 'favourites' ? t('filter.favourites') : undefined}
          title={filter === 'favourites' ? t('filter.favourites') : undefined}
          data-testid={`room-filter-${filter}`}
          onClick={() => onChoose(filter)}
        >
          {filter === 'favourites' ? <IconStar className={styles.star} aria-hidden="true" /> : t(`filter.${filter}`)}
          {filter === 'unread' && unread > 0 && ` ${unread}`}
        </button>
      ))}
    </div>
  );
});
