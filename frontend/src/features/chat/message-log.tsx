import { IconArrowDown } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { IconMessageCircle } from '@tabler/icons-react';
import { roomTitle } from '@/components/names';
import type { ConversationState } from './conversation-model';
import { LogOverlays, type Overlay } from './log-overlays';
import { logRows } from './log-rows';
import styles from './message-log.module.css';
import { MessageRow } from './message-row';
import { OlderLine } from './older-line';
import { unreadCounter } from './unread';
import { useLogScroll } from './use-log-scroll';

/** A message to show: its seq, and when that was asked for. */
export interface LogTarget {
  seq: number;
  at: number;
}

export interface MessageLogProps {
  room: Room;
  state: Extract<ConversationState, { status: 'open' }>;
  target: LogTarget | undefined;
  onOlder: () => Promise<void>;
  /** The newest seq that is in view, after each scroll and change. */
  onInView: (seq: number) => void;
  onPerson: (person: string) => void;
}

/** The messages of a conversation. Only those in view are in the page, and nothing that loads moves them. */
export function MessageLog({ room, state, target, onOlder, onInView, onPerson }: MessageLogProps) {
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const { messages, hasMore, older, reads, readUpTo } = state;
  const rows = useMemo(() => logRows({ messages, hasMore, readUpTo }), [messages, hasMore, readUpTo]);
  const unreadOf = useMemo(() => unreadCounter(reads, messages), [reads, messages]);
  const [overlay, setOverlay] = useState<Overlay>();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const toggleFold = useCallback((key: string) => {
    setUnfolded((held) => {
      const next = new Set(held);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);

  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const log = useLogScroll({ rows, hasMore, older, target, scroller, content, onOlder, onInView });
  const title = roomTitle(room, people, me, tc);

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-label={t('log.label', { name: title })}
        // A log must take the focus: the keyboard scrolls it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={log.onScroll}
      >
        {rows.length === 0 && (
          <EmptyState icon={<IconMessageCircle />} title={t('log.empty_title')} text={t('log.empty_text')} />
        )}
        <OlderLine older={older} onRetry={onOlder} />
        <div ref={content} className={styles.content} style={{ height: log.virtualizer.getTotalSize() }}>
          {log.virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row ? (
              <div
                key={item.key}
                ref={log.virtualizer.measureElement}
                data-index={item.index}
                className={styles.row}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <MessageRow
                  row={row}
                  unread={row.message.deleted_at > 0 || row.message.kind === 'system' ? 0 : unreadOf(row.message.seq)}
                  wide={room.kind !== 'direct'}
                  unfolded={unfolded.has(row.key)}
                  onFold={toggleFold}
                  onOverlay={setOverlay}
                  onPerson={onPerson}
                />
              </div>
            ) : null;
          })}
        </div>
      </div>
      {!log.atEnd && (
        <button type="button" className={styles.latest} data-testid="jump-latest" onClick={log.toEnd}>
          <IconArrowDown className={styles.arrow} aria-hidden="true" />
          {log.newCount > 0 ? t('log.new_messages', { count: log.newCount }) : t('log.to_latest')}
        </button>
      )}
      <LogOverlays overlay={overlay} reads={reads} messages={messages} onClose={() => setOverlay(undefined)} />
    </div>
  );
}
