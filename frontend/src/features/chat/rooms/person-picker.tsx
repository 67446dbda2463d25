import { useVirtualizer } from '@tanstack/react-virtual';
import { IconCheck } from '@tabler/icons-react';
import { useRef } from 'react';
import type { Profile } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { faceOf, personPlace } from '@/components/names';
import styles from './person-picker.module.css';

const rowHeight = 48;

export interface PersonPickerProps {
  people: readonly Profile[];
  /** What to say when there are none. */
  none: string;
  chosen: readonly Profile[];
  onToggle: (person: Profile) => void;
}

/** A list of colleagues of whom several can be chosen. */
export function PersonPicker({ people, none, chosen, onToggle }: PersonPickerProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: people.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  const uuids = new Set(chosen.map((person) => person.user_uuid));
  return (
    <div ref={scroller} className={styles.scroller}>
      {people.length === 0 && <p className={styles.none}>{none}</p>}
      <ul className={styles.list} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const person = people[item.index];
          return person ? (
            <li
              key={person.user_uuid}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={styles.item}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <button
                type="button"
                className={styles.person}
                aria-pressed={uuids.has(person.user_uuid)}
                data-testid="new-chat-person"
                data-user={person.user_uuid}
                onClick={() => onToggle(person)}
              >
                <Avatar face={faceOf(person)} size="small" />
                <span className={styles.name}>{person.name}</span>
                <span className={styles.place}>{personPlace(person)}</span>
                <span className={styles.check}>
                  <IconCheck className={styles.tick} aria-hidden="true" />
                </span>
              </button>
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}
