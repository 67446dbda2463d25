import { IconAlertCircle, IconClock, IconPinFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { canRetry } from '@/features/chat/file/retry';
import { clockTime, fullTime } from '@/i18n/time';
import { useTexts } from '@/i18n/use-texts';
import styles from './message-meta.module.css';

export interface MessageMetaProps {
  message: Message;
  unread: number;
  showTime: boolean;
  /** Asked to show who has read it, near a place of the window. */
  onReaders: (x: number, y: number) => void;
}

/** Beside a message: how many have not read it and when it was, or how far it has come. */
export function MessageMeta({ message, unread, showTime, onReaders }: MessageMetaProps) {
  const { t, language } = useTexts('chat');
  if (message.state !== 'sent') return <SendingState message={message} />;
  const isThere = message.deleted_at === 0;
  return (
    <span className={styles.meta}>
      {unread > 0 && (
        <button
          type="button"
          className={styles.unread}
          aria-label={t('log.unread_button', { count: unread })}
          data-testid="message-unread"
          onClick={(event) => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect();
            onReaders(left, bottom);
          }}
        >
          {unread}
        </button>
      )}
      <span className={styles.marks}>
        {isThere && message.pinned && <PinMark />}
        {isThere && message.edited_at > 0 && <EditedMark at={message.edited_at} />}
        {showTime && (
          <time dateTime={new Date(message.at).toISOString()} title={fullTime(language, message.at)}>
            {clockTime(language, message.at)}
          </time>
        )}
      </span>
    </span>
  );
}

function PinMark() {
  const { t } = useTexts('message');
  return (
    <span title={t('pin.mark')} data-testid="message-pinned">
      <IconPinFilled className={styles.pin} role="img" aria-label={t('pin.mark')} />
    </span>
  );
}

function EditedMark({ at }: { at: number }) {
  const { t, language } = useTexts('message');
  return (
    <span title={t('edited_at', { time: fullTime(language, at) })} data-testid="message-edited">
      {t('edited')}
    </span>
  );
}

function SendingState({ message }: { message: Message }) {
  const { t } = useTexts('chat');
  const failureText = useFailureText();
  const bridge = useBridge();
  const [busy, setBusy] = useState(false);
  const transfers = useMirror((mirror) => mirror.transfers);
  const failed = message.files.flatMap(({ transfer }) => {
    const held = transfers.get(transfer);
    return held?.state === 'failed' ? [held] : [];
  });
  // With such a file it would be refused again; without it, it can be sent.
  const stuck = failed.some(({ failure }) => !canRetry(failure));
  const ask = (call: (clientId: string) => Promise<void>) => {
    setBusy(true);
    // What comes of it arrives as an update of the message.
    call(message.client_id)
      .catch(() => undefined)
      .finally(() => setBusy(false));
  };
  if (message.state !== 'failed') {
    return (
      <span className={styles.meta} data-state={message.state}>
        <IconClock className={styles.icon} aria-hidden="true" />
        {t(message.state === 'waiting' ? 'message.waiting' : 'message.sending')}
      </span>
    );
  }
  return (
    <span className={styles.meta} data-state="failed" role="alert">
      <span className={styles.failed}>
        <IconAlertCircle className={styles.icon} aria-hidden="true" /> {t('message.failed')}
      </span>
      {/* Its files say it themselves. */}
      {message.failure && failed.length === 0 && <span className={styles.reason}>{failureText(message.failure)}</span>}
      <span className={styles.actions}>
        {!stuck && (
          <button type="button" disabled={busy} data-testid="message-resend" onClick={() => ask(bridge.resend)}>
            {t('message.resend')}
          </button>
        )}
        <button type="button" disabled={busy} data-testid="message-discard" onClick={() => ask(bridge.discard)}>
          {t('message.discard')}
        </button>
      </span>
    </span>
  );
}
