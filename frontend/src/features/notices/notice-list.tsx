import { IconSpeakerphone } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Notice } from '@/bridge/types';
import { CountBadge } from '@/components/count-badge';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { unturned } from '@/components/isolated';
import { personName } from '@/components/names';
import { useNow } from '@/components/use-now';
import { useTask } from '@/components/use-task';
import { listTime } from '@/i18n/time';
import styles from './notice-list.module.css';
import { standingOf, waits } from './notice-rules';
import { StandingMark } from './standing-mark';

/** Older ones are asked for when the end of the list is this near, in pixels. */
const loadsAt = 400;

export interface NoticeListProps {
  chosen: string | undefined;
  onChoose: (notice: string) => void;
}

/** The company's notices, the newest first; what waits for the reader is marked. */
export function NoticeList({ chosen, onChoose }: NoticeListProps) {
  const { t } = useTranslation('notices');
  const { waiting, notices, more } = useMirror((mirror) => mirror.notices);
  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title}>{t('title')}</h1>
        <CountBadge count={waiting} label={t('waiting', { count: waiting })} />
      </header>
      <div className={styles.rows}>
        {notices.length === 0 ? (
          <EmptyState
            icon={<IconSpeakerphone />}
            title={t('empty_title')}
            text={t('empty_text')}
            testId="notices-empty"
          />
        ) : (
          <Rows notices={notices} more={more} chosen={chosen} onChoose={onChoose} />
        )}
      </div>
    </>
  );
}

function Rows({ notices, more, chosen, onChoose }: NoticeListProps & { notices: readonly Notice[]; more: boolean }) {
  const { t } = useTranslation('notices');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const offline = useMirror((mirror) => mirror.state.link !== 'online');
  const { run, busy, failure, reset } = useTask();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: notices.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 76,
    getItemKey: (index) => notices[index]?.notice_uuid ?? index,
    overscan: 6,
  });
  const older = () => void run(() => bridge.olderNotices());
  const loadMore = () => {
    const element = scroller.current;
    const near = element && element.scrollHeight - element.clientHeight - element.scrollTop < loadsAt;
    if (near && more && !busy && !failure && !offline) older();
  };
  useEffect(loadMore);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be reached by keyboard
      tabIndex={0}
      role="region"
      aria-label={t('title')}
      data-testid="notices-list"
      onScroll={loadMore}
    >
      <ul className={styles.list} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const notice = notices[index];
          return (
            notice && (
              <li
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className={styles.place}
                style={{ transform: `translateY(${start}px)` }}
                aria-setsize={more ? -1 : notices.length}
                aria-posinset={index + 1}
              >
                <NoticeRow notice={notice} chosen={notice.notice_uuid === chosen} onChoose={onChoose} />
              </li>
            )
          );
        })}
      </ul>
      {more && (offline || failure) && (
        <div className={styles.rest}>
          {failure && !offline ? <FailureNotice failure={failure} title={t('older_failed')} /> : t('older_offline')}
          {failure && !offline && (
            <Button size="xs" variant="default" onClick={reset}>
              {tc('retry')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

interface NoticeRowProps {
  notice: Notice;
  chosen: boolean;
  onChoose: (notice: string) => void;
}

function NoticeRow({ notice, chosen, onChoose }: NoticeRowProps) {
  const { i18n } = useTranslation('notices');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const now = useNow(60_000);
  const standing = standingOf(notice, now);
  return (
    <button
      type="button"
      className={styles.row}
      aria-current={chosen || undefined}
      data-waits={waits(standing)}
      data-testid="notice-row"
      onClick={() => onChoose(notice.notice_uuid)}
    >
      <span className={styles.name}>{unturned(notice.title)}</span>
      <span className={styles.under}>
        <span className={styles.who}>{personName(people, notice.author_uuid, tc)}</span>
        <span>{listTime(i18n.language, notice.created_at, now, tc('yesterday'))}</span>
        <span className={styles.push} />
        <StandingMark standing={standing} />
      </span>
    </button>
  );
}
