import { IconArrowForwardUp } from '@tabler/icons-react';
import type { Message } from '@/bridge/types';
import { isPicture } from '@/features/chat/file/file-kind';
import { MessageFiles } from '@/features/chat/file/message-files';
import { isLargeEmoji } from '@/components/text/emoji-text';
import { isLong } from '@/components/text/long-text';
import { MessageText } from '@/components/text/message-text';
import { useTexts } from '@/i18n/use-texts';
import { QuoteLine } from './quote-line';
import styles from './message-bubble.module.css';

export interface MessageBubbleProps {
  message: Message;
  /** The first of a run has a corner. */
  first: boolean;
  unfolded: boolean;
  onFold: () => void;
}

/** What was said, and what it answers. */
export function MessageBubble({ message, first, unfolded, onFold }: MessageBubbleProps) {
  const { t } = useTexts('message');
  if (message.deleted_at > 0) {
    return (
      <p className={styles.bubble} data-mine={message.mine} data-first={first} data-gone="true">
        {t('deleted')}
      </p>
    );
  }
  const long = isLong(message.text);
  const { text, files } = message;
  const alone = files.length === 0 ? isLargeEmoji(text) : text === '' && files.every(isPicture);
  const bare = alone && message.reply_to_seq === 0 && !message.forwarded;
  return (
    <div className={styles.bubble} data-mine={message.mine} data-first={first} data-bare={bare}>
      {message.forwarded && (
        <p className={styles.label} data-testid="forwarded">
          <IconArrowForwardUp className={styles.icon} aria-hidden="true" />
          {t('forwarded')}
        </p>
      )}
      {message.reply_to_seq > 0 && <QuoteLine room={message.room_uuid} seq={message.reply_to_seq} />}
      {files.length > 0 && <MessageFiles message={message} />}
      {(text !== '' || files.length === 0) && (
        <div className={styles.text} data-folded={long && !unfolded} data-testid="message-text">
          <MessageText message={message} />
        </div>
      )}
      {long && (
        <button type="button" className={styles.fold} aria-expanded={unfolded} onClick={onFold}>
          {unfolded ? t('fold') : t('show_all')}
        </button>
      )}
    </div>
  );
}
