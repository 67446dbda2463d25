import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { pieces } from './links';
import styles from './message-bubble.module.css';

const foldsAtLines = 16;
const foldsAtLetters = 900;

/** Reports whether a text is so long that only its beginning shows at first. */
export function isLong(text: string): boolean {
  return text.length > foldsAtLetters || text.split('\n').length > foldsAtLines;
}

export interface MessageBubbleProps {
  message: Message;
  /** The first of a run has a corner. */
  first: boolean;
  unfolded: boolean;
  onFold: () => void;
}

/** What was said. */
export function MessageBubble({ message, first, unfolded, onFold }: MessageBubbleProps) {
  const { t } = useTranslation('chat');
  if (message.deleted_at > 0) {
    return (
      <p className={styles.bubble} data-mine={message.mine} data-first={first} data-gone="true">
        {t('message.deleted')}
      </p>
    );
  }
  const long = isLong(message.text);
  return (
    <div className={styles.bubble} data-mine={message.mine} data-first={first}>
      <p className={styles.text} data-folded={long && !unfolded} data-testid="message-text">
        <LinkedText text={message.text} />
      </p>
      {message.edited_at > 0 && <span className={styles.edited}>{t('log.edited')}</span>}
      {long && (
        <button type="button" className={styles.fold} aria-expanded={unfolded} onClick={onFold}>
          {unfolded ? t('log.fold') : t('log.show_all')}
        </button>
      )}
    </div>
  );
}

/** A text whose http(s) addresses open in the system's browser. The page itself goes nowhere. */
function LinkedText({ text }: { text: string }) {
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  return pieces(text).map((piece, i) =>
    piece.link ? (
      <a
        // The text never changes its pieces' order.
        // oxlint-disable-next-line react/no-array-index-key
        key={i}
        className={styles.link}
        href={piece.text}
        rel="noreferrer"
        onClick={(event) => {
          event.preventDefault();
          bridge.openLink(piece.text).catch((error: unknown) => toast(failureText(asFailure(error))));
        }}
      >
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  );
}
