import { Button } from '@mantine/core';
import { IconArrowLeft, IconSpeakerphone } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Notice } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { IconButton } from '@/components/icon-button';
import { unturned } from '@/components/isolated';
import { LogActionsContext } from '@/components/log-actions';
import { personName } from '@/components/names';
import { MessageText } from '@/components/text/message-text';
import { useNow } from '@/components/use-now';
import { useTask } from '@/components/use-task';
import { useAttention } from '@/components/window-focus';
import { fullTime } from '@/i18n/time';
import styles from './notice-pane.module.css';
import { standingOf } from './notice-rules';
import { StandingMark } from './standing-mark';

export interface NoticePaneProps {
  notice: string | undefined;
  onBack: () => void;
  onPerson: (person: string) => void;
  onRoom: (room: string, seq: number) => void;
}

/** The chosen notice, to be read and, where it asks for that, confirmed. */
export function NoticePane({ notice, onBack, onPerson, onRoom }: NoticePaneProps) {
  const { t } = useTranslation('notices');
  const { t: tc } = useTranslation();
  const held = useMirror((mirror) => mirror.notices.notices.find(({ notice_uuid }) => notice_uuid === notice));
  const actions = useMemo(() => ({ onPerson, onRoom, onJump: () => undefined }), [onPerson, onRoom]);
  return (
    <div className={styles.pane}>
      <span className={styles.back}>
        <IconButton label={tc('back')} testId="notice-back" onClick={onBack}>
          <IconArrowLeft className={styles.icon} aria-hidden="true" />
        </IconButton>
      </span>
      {held ? (
        <LogActionsContext value={actions}>
          <Reading key={held.notice_uuid} notice={held} onPerson={onPerson} />
        </LogActionsContext>
      ) : (
        <EmptyState
          icon={<IconSpeakerphone />}
          title={t(notice === undefined ? 'choose_title' : 'gone_title')}
          text={t(notice === undefined ? 'choose_text' : 'gone_text')}
        />
      )}
    </div>
  );
}

function Reading({ notice, onPerson }: { notice: Notice; onPerson: (person: string) => void }) {
  const { t, i18n } = useTranslation('notices');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const now = useNow(60_000);
  useRead(notice);
  const words = useMemo(() => ({ text: notice.text, mentions: [], mention_all: false }), [notice.text]);
  const standing = standingOf(notice, now);
  return (
    <article className={styles.notice} data-testid="notice">
      <h2 className={styles.title}>{unturned(notice.title)}</h2>
      <p className={styles.facts}>
        <button type="button" className={styles.author} onClick={() => onPerson(notice.author_uuid)}>
          {personName(people, notice.author_uuid, tc)}
        </button>
        <time>{fullTime(i18n.language, notice.created_at)}</time>
        {notice.edited_at > 0 && <span>{t('edited', { time: fullTime(i18n.language, notice.edited_at) })}</span>}
        <StandingMark standing={standing} />
      </p>
      <div className={styles.text}>
        <MessageText message={words} />
      </div>
      {notice.confirm && (notice.asked || notice.confirmed_at > 0) && (
        <Confirm key={notice.edited_at} notice={notice} />
      )}
    </article>
  );
}

/** Read means seen: it is open, and somebody can be looking. */
function useRead({ notice_uuid, edited_at, read }: Notice) {
  const bridge = useBridge();
  const focused = useAttention();
  useEffect(() => {
    // It stays unread, and shows so, when this fails.
    if (focused && !read) bridge.readNotice(notice_uuid, edited_at).catch(() => undefined);
  }, [bridge, focused, notice_uuid, edited_at, read]);
}

function Confirm({ notice }: { notice: Notice }) {
  const { t, i18n } = useTranslation('notices');
  const bridge = useBridge();
  const now = useNow(60_000);
  const online = useMirror((mirror) => mirror.state.link === 'online');
  const task = useTask();
  if (notice.confirmed_at > 0) {
    return (
      <p className={styles.confirmed} role="status" data-testid="notice-confirmed">
        {t('confirmed_at', { time: fullTime(i18n.language, notice.confirmed_at) })}
      </p>
    );
  }
  const due = notice.due_at > 0 ? fullTime(i18n.language, notice.due_at) : '';
  return (
    <div className={styles.confirm}>
      <div className={styles.ask}>
        <strong>{t('confirm_ask')}</strong>
        {due !== '' && <span>{t(notice.due_at < now ? 'was_due' : 'due', { time: due })}</span>}
        {!online && <span>{t('confirm_offline')}</span>}
      </div>
      <Button
        loading={task.busy}
        disabled={!online}
        data-testid="notice-confirm"
        onClick={() => void task.run(() => bridge.confirmNotice(notice.notice_uuid, notice.edited_at))}
      >
        {t('confirm')}
      </Button>
      {task.failure && (
        <div className={styles.failure}>
          <FailureNotice failure={task.failure} title={t('confirm_failed')} />
        </div>
      )}
    </div>
  );
}
