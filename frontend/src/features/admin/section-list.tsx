import { useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdminCounts } from '@/bridge/types';
import { CountBadge } from '@/components/count-badge';
import styles from './section-list.module.css';
import type { AdminSection, SectionGroup } from './sections';

const groups: readonly SectionGroup[] = ['today', 'people', 'data', 'server'];

export interface SectionListProps {
  sections: readonly AdminSection[];
  counts: AdminCounts;
  open: string;
  onSection: (section: string) => void;
}

/** The sections in their groups. The arrow keys, Home and End go through them. */
export function SectionList({ sections, counts, open, onSection }: SectionListProps) {
  const { t } = useTranslation('admin');
  const list = useRef<HTMLElement>(null);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    buttons[to]?.focus();
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are those of the buttons in it
    <nav ref={list} className={styles.list} aria-label={t('sections')} onKeyDown={onKeyDown}>
      <h1 className={styles.title}>{t('title')}</h1>
      {groups.map((group) => {
        const inGroup = sections.filter((section) => section.group === group);
        if (inGroup.length === 0) return null;
        return (
          <div key={group} className={styles.group}>
            {group !== 'today' && <h2 className={styles.head}>{t(`group.${group}`)}</h2>}
            {inGroup.map(({ id, icon: Picture, badge }) => (
              <button
                key={id}
                type="button"
                className={styles.item}
                aria-current={id === open ? 'page' : undefined}
                data-testid={`admin-section-${id}`}
                onClick={() => onSection(id)}
              >
                <Picture className={styles.icon} aria-hidden="true" />
                <span className={styles.name}>{t(`section.${id}`)}</span>
                <CountBadge
                  count={badge?.(counts) ?? 0}
                  label={t('section_badge', { label: t(`section.${id}`), count: badge?.(counts) ?? 0 })}
                />
              </button>
            ))}
          </div>
        );
      })}
    </nav>
  );
}
