import { IconCalendar, IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailureText } from '@/components/failure-notice';
import { IconButton } from '@/components/icon-button';
import { isComposing } from '@/components/keys';
import { SearchField } from '@/components/search-field';
import { DateJump, type DateAsked } from '@/features/chat/log/date-jump';
import type { useRoomSearch } from './use-room-search';
import styles from './room-search.module.css';

export interface RoomSearchProps {
  search: ReturnType<typeof useRoomSearch>;
  onDate: (day: number) => void;
  onClose: () => void;
}

/** The bar above a conversation that looks for words in it: n of m, and from one to the next. */
export function RoomSearch({ search, onDate, onClose }: RoomSearchProps) {
  const { t } = useTranslation('search');
  const { t: tc } = useTranslation('chat');
  const [dateAsked, setDateAsked] = useState<DateAsked>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const { finding, at, count } = search;
  const hasMore = finding.status === 'found' && finding.next > 0;
  return (
    // Esc closes it, wherever in it the focus is: before the field would only empty itself, but after the calendar.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <search
      className={styles.bar}
      aria-label={tc('log.find')}
      data-testid="room-search"
      onKeyDownCapture={(event) => {
        if (event.key !== 'Escape' || isComposing(event) || dateAsked) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className={styles.field}>
        <SearchField
          value={search.text}
          onChange={search.change}
          label={tc('log.find')}
          placeholder={tc('log.find')}
          testId="room-search-input"
          ref={field}
          onEnter={(back) => void search.step(back ? 'newer' : 'older')}
          onArrow={(step) => void search.step(step < 0 ? 'older' : 'newer')}
        />
      </div>
      <span className={styles.count} role="status" data-testid="room-search-count">
        <SearchState search={search} />
      </span>
      <IconButton
        label={t('room.older')}
        shortcut="Enter"
        testId="room-search-older"
        disabled={at + 1 >= count && !hasMore}
        onClick={() => void search.step('older')}
      >
        <IconChevronUp className={styles.icon} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={t('room.newer')}
        shortcut="Shift+Enter"
        testId="room-search-newer"
        disabled={at === 0}
        onClick={() => void search.step('newer')}
      >
        <IconChevronDown className={styles.icon} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={tc('log.to_date')}
        testId="room-search-date"
        onClick={(event) => {
          const { left, bottom, width } = event.currentTarget.getBoundingClientRect();
          setDateAsked({ day: Date.now(), x: left + width / 2, y: bottom });
        }}
      >
        <IconCalendar className={styles.icon} aria-hidden="true" />
      </IconButton>
      <IconButton label={t('room.close')} shortcut="Esc" testId="room-search-close" onClick={onClose}>
        <IconX className={styles.icon} aria-hidden="true" />
      </IconButton>
      {dateAsked && <DateJump asked={dateAsked} onChoose={onDate} onClose={() => setDateAsked(undefined)} />}
    </search>
  );
}

function SearchState({ search: { finding, at, count, again } }: Pick<RoomSearchProps, 'search'>) {
  const { t } = useTranslation('search');
  const { t: tc } = useTranslation();
  const failureText = useFailureText();
  switch (finding.status) {
    case 'idle':
      return null;
    case 'short':
    case 'long':
      return t(`state.${finding.status}`);
    case 'searching':
      return count > 0 ? t('room.place', { at: at + 1, count }) : t('state.searching');
    case 'failed':
      return (
        <>
          {failureText(finding.failure)}{' '}
          <button type="button" className={styles.retry} onClick={again}>
            {tc('retry')}
          </button>
        </>
      );
    case 'found': {
      if (count === 0) return t(finding.local ? 'room.none_local' : 'room.none');
      const place = t(finding.next > 0 ? 'room.place_of_more' : 'room.place', { at: at + 1, count });
      return finding.local ? `${place} · ${t('room.local')}` : place;
    }
  }
}
