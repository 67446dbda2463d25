import { IconPinnedOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { IconButton } from '@/components/icon-button';
import { useToast } from '@/components/toast';
import { useQuoteWords } from '@/features/chat/message/quote-line';
import type { Quote } from '@/features/chat/message/quotes';
import { fullTime } from '@/i18n/time';
import styles from './pin-list.module.css';

export interface PinListProps {
  seqs: readonly number[];
  quotes: ReadonlyMap<number, Quote>;
  onJump: (seq: number) => void;
}

/** All pinned messages of a room, the latest first; each leads to its place or can be taken off. */
export function PinList({ seqs, quotes, onJump }: PinListProps) {
  const { t } = useTranslation('message');
  return (
    <>
      <p className={styles.title}>{t('pin.all', { count: seqs.length })}</p>
      <ul className={styles.list}>
        {seqs.map((seq) => {
          const quote = quotes.get(seq);
          return quote?.kind === 'found' ? (
            <Pin key={seq} quote={quote} message={quote.message} onJump={() => onJump(seq)} />
          ) : null;
        })}
      </ul>
    </>
  );
}

function Pin({ quote, message, onJump }: { quote: Quote; message: Message; onJump: () => void }) {
  const { t, i18n } = useTranslation('message');
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  const { name, words } = useQuoteWords(quote);
  return (
    <li className={styles.pin} data-testid="pin-item" data-seq={message.seq}>
      <button type="button" className={styles.jump} onClick={onJump}>
        <span className={styles.who}>
          <span className={styles.name}>{name}</span>
          <time className={styles.time} dateTime={new Date(message.at).toISOString()}>
            {fullTime(i18n.language, message.at)}
          </time>
        </span>
        <span className={styles.words}>{words}</span>
      </button>
      <IconButton
        label={t('pin.off')}
        testId="pin-off"
        onClick={() => {
          bridge.pin(message.message_id, false).catch((error: unknown) => toast(failureText(asFailure(error))));
        }}
      >
        <IconPinnedOff className={styles.icon} aria-hidden="true" />
      </IconButton>
    </li>
  );
}
