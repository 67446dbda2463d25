import {
  IconBallFootball,
  IconBulb,
  IconCar,
  IconClock,
  IconFlag,
  IconHeart,
  IconLeaf,
  IconMoodSmile,
  IconToolsKitchen2,
  IconUser,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { recentGroup, type EmojiRow } from './emoji-rows';
import styles from './emoji-picker.module.css';

const icons = new Map<number, ComponentType<{ className?: string }>>([
  [recentGroup, IconClock],
  [0, IconMoodSmile],
  [1, IconUser],
  [3, IconLeaf],
  [4, IconToolsKitchen2],
  [5, IconCar],
  [6, IconBallFootball],
  [7, IconBulb],
  [8, IconHeart],
  [9, IconFlag],
]);

export interface EmojiTabsProps {
  rows: readonly EmojiRow[];
  /** While a search is shown there are no groups. */
  disabled: boolean;
  /** Gets the place of the group's head among the rows. */
  onChoose: (row: number) => void;
}

/** Brings a group of emoji into view. */
export function EmojiTabs({ rows, disabled, onChoose }: EmojiTabsProps) {
  const { t } = useTranslation('compose');
  return (
    <div className={styles.tabs} role="group" aria-label={t('emoji.groups')}>
      {[...icons].map(([group, Icon]) => {
        const place = rows.findIndex((row) => row.kind === 'head' && row.group === group);
        return (
          <button
            key={group}
            type="button"
            className={styles.tab}
            aria-label={t(`emoji.group${group}` as 'emoji.group0')}
            title={t(`emoji.group${group}` as 'emoji.group0')}
            disabled={disabled || place < 0}
            onClick={() => onChoose(place)}
          >
            <Icon className={styles.icon} aria-hidden="true" />
          </button>
        );
      })}
    </div>
  );
}
