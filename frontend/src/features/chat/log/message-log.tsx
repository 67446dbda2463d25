import { IconMessageCircle } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Place, Room } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { roomTitle } from '@/components/names';
import { MessageRow } from '@/features/chat/message/message-row';
import { useLoadedMessages } from '@/features/chat/message/use-quotes';
import type { OpenConversation } from './conversation-model';
import { DateJump, type DateAsked } from './date-jump';
import { BottomHints, TopHints } from './log-hints';
import { LogOverlays, type Overlay } from './log-overlays';
import { logRows, type LogRow } from './log-rows';
import { LogSeparators } from './log-separators';
import { unreadCounter } from './unread';
import { useFoundMarks } from './use-found-marks';
import type { LogVirtualizer } from './use-landing';
import { useLogScroll } from './use-log-scroll';
import { useRowKeys } from './use-row-keys';
import styles from './message-log.module.css';

export interface MessageLogProps {
  room: Room;
  state: OpenConversation;
  /** Words to mark in the messages. */
  found: readonly string[];
  onOlder: () => Promise<void>;
  onNewer: () => Promise<void>;
  /** Shows a message, also one that is not loaded. */
  onJump: (seq: number) => void;
  onLatest: () => void;
  onDate: (day: number) => void;
  /** The newest seq that is in view, after each scroll and change. */
  onInView: (seq: number) => void;
  onPlace: (place: Place) => void;
  onPerson: (person: string) => void;
}

/** The messages of a conversation. Only those in view are in the page, and nothing that changes moves them. */
export function MessageLog(props: MessageLogProps) {
  const { room, state, found, onOlder, onNewer, onJump, onLatest, onDate, onInView, onPlace, onPerson } = props;
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const { messages, hasMore, reads, readUpTo, showing } = state;
  const rows = useMemo(() => logRows({ messages, hasMore, readUpTo }), [messages, hasMore, readUpTo]);
  const unreadOf = useMemo(() => unreadCounter(reads, messages), [reads, messages]);
  const [overlay, setOverlay] = useState<Overlay>();
  const [dateAsked, setDateAsked] = useState<DateAsked>();
  const [flashed, setFlashed] = useState(0); // the id of the showing whose row has flashed
  const folds = useFolds();

  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { toggled: unfolded } = folds;
  const log = useLogScroll({ rows, state, scroller, content, unfolded, onOlder, onNewer, onInView, onPlace });
  useFoundMarks(content, found);
  useLoadedMessages(room.room_uuid, messages);
  const onKeyDown = useRowKeys(scroller);
  const flashes = showing.spot.at === 'message' && showing.id !== flashed ? showing.spot.seq : 0;
  const { virtualizer } = log;
  const mark = useUnreadAbove(rows, state, virtualizer);

  return (
    <div className={styles.frame}>
      {/* The arrows go from message to message. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-label={t('log.label', { name: roomTitle(room, people, me, tc) })}
        // A log must take the focus: the keyboard scrolls it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={log.onScroll}
        onKeyDown={onKeyDown}
      >
        {rows.length === 0 && (
          <EmptyState icon={<IconMessageCircle />} title={t('log.empty_title')} text={t('log.empty_text')} />
        )}
        <div ref={content} className={styles.content} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row ? (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                data-key={row.key}
                className={styles.row}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogSeparators row={row} onDate={setDateAsked} />
                <div
                  className={styles.message}
                  data-flash={flashes > 0 && row.message.seq === flashes}
                  onAnimationEnd={(event) => event.target === event.currentTarget && setFlashed(showing.id)}
                >
                  <MessageRow
                    row={row}
                    unread={row.message.deleted_at > 0 || row.message.kind === 'system' ? 0 : unreadOf(row.message.seq)}
                    wide={room.kind !== 'direct'}
                    unfolded={folds.unfolded.has(row.key)}
                    onFold={folds.toggle}
                    onOverlay={setOverlay}
                    onPerson={onPerson}
                  />
                </div>
              </div>
            ) : null;
          })}
        </div>
      </div>
      <TopHints
        day={rows[virtualizer.range?.startIndex ?? -1]?.message.at ?? 0}
        scrolling={virtualizer.isScrolling}
        unread={mark.unread}
        older={state.older}
        onDate={setDateAsked}
        onUnread={() => {
          mark.dismiss();
          onJump(readUpTo + 1);
        }}
        onOlder={onOlder}
      />
      <BottomHints
        isNear={log.isNear}
        arrived={useSinceEnd(state.arrived, log.atEnd)}
        newer={state.newer}
        onLatest={onLatest}
        onNewer={onNewer}
      />
      {dateAsked && <DateJump asked={dateAsked} onChoose={onDate} onClose={() => setDateAsked(undefined)} />}
      <LogOverlays overlay={overlay} reads={reads} messages={messages} onClose={() => setOverlay(undefined)} />
    </div>
  );
}

/** Which long texts show whole, and which one the reader changed last. */
function useFolds() {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const toggled = useRef<string>(undefined);
  const toggle = useCallback((key: string) => {
    toggled.current = key;
    setUnfolded((held) => {
      const next = new Set(held);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  return { unfolded, toggled, toggle };
}

/** How many came since the end was left. */
function useSinceEnd(arrived: number, atEnd: boolean): number {
  const [atLeaving, setAtLeaving] = useState(arrived);
  if (atEnd && atLeaving !== arrived) setAtLeaving(arrived);
  return arrived - atLeaving;
}

/** How many were unread when the room was opened, while the mark of it is above the view and has not been seen. */
function useUnreadAbove(rows: readonly LogRow[], state: OpenConversation, { range }: LogVirtualizer) {
  const [seen, setSeen] = useState(false);
  const { readUpTo, unreadAtOpen, firstSeq } = state;
  const mark = useMemo(() => rows.findIndex((row) => row.opensUnread), [rows]);
  const isAbove = mark < 0 ? firstSeq > readUpTo : range !== null && mark < range.startIndex;
  const isInView = mark >= 0 && range !== null && mark >= range.startIndex && mark <= range.endIndex;
  if (isInView && !seen) setSeen(true);
  const shown = readUpTo > 0 && unreadAtOpen > 0 && isAbove && !seen;
  return { unread: shown ? unreadAtOpen : 0, dismiss: () => setSeen(true) };
}
