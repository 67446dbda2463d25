import { IconUsers } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { Avatar } from '@/components/avatar';
import { namedFace, personPlace } from '@/components/names';
import type { Mentionable } from './mention-query';
import styles from './mention-list.module.css';

export interface MentionListProps {
  id: string;
  items: readonly Mentionable[];
  active: number;
  onPick: (item: Mentionable) => void;
  onActive: (index: number) => void;
}

/** The id of an item, for aria-activedescendant. */
export function mentionId(list: string, index: number): string {
  return `${list}-${index}`;
}

/** Whom an @ can mean. The focus stays in the composer, which moves through the list by its arrows. */
export function MentionList({ id, items, active, onPick, onActive }: MentionListProps) {
  const { t } = useTranslation('compose');
  const people = useMirror((mirror) => mirror.people);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div ref={list} id={id} className={styles.list} role="listbox" aria-label={t('mention.label')}>
      {items.map((item, index) => {
        const person = people.get(item.userUuid);
        return (
          <div
            key={item.userUuid || 'all'}
            id={mentionId(id, index)}
            className={styles.item}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            data-testid="mention-item"
            // The field keeps the focus and its composition.
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => onActive(index)}
            onClick={() => onPick(item)}
            onKeyDown={undefined}
          >
            {item.userUuid === '' ? (
              <span className={styles.all}>
                <IconUsers className={styles.icon} aria-hidden="true" />
              </span>
            ) : (
              <Avatar face={namedFace(people, item.userUuid, item.name)} size="small" />
            )}
            <span className={styles.name}>{item.name}</span>
            <span className={styles.place}>
              {item.userUuid === '' ? t('mention.all_hint') : person && personPlace(person)}
            </span>
          </div>
        );
      })}
    </div>
  );
}
