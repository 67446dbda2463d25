import { VisuallyHidden } from '@mantine/core';
import { useMirror } from '@/bridge/session-context';
import { personName } from '@/components/names';
import { messageLine } from '@/features/chat/file/file-words';
import { useTexts } from '@/i18n/use-texts';
import { useLogActions } from '@/components/log-actions';
import type { Quote } from './quotes';
import { useQuote } from './use-quotes';
import styles from './quote-line.module.css';

export interface QuoteLineProps {
  room: string;
  seq: number;
}

/** What a message answers: its sender and one line; a press leads there. It has its height before it is loaded. */
export function QuoteLine({ room, seq }: QuoteLineProps) {
  const { t } = useTexts('message');
  const { onJump } = useLogActions();
  const quote = useQuote(room, seq);
  const { name, words } = useQuoteWords(quote);
  const there = quote.kind === 'found';
  return (
    <button
      type="button"
      className={styles.quote}
      data-kind={there && quote.message.deleted_at > 0 ? 'deleted' : quote.kind}
      data-testid="quote"
      data-seq={seq}
      disabled={!there}
      onClick={() => onJump(seq)}
    >
      <VisuallyHidden>{t('quote.to')}</VisuallyHidden>
      <span className={styles.name}>{name}</span>
      <span className={styles.words}>{words}</span>
    </button>
  );
}

/** Who said it, and what in one line. */
export function useQuoteWords(quote: Quote): { name: string; words: string } {
  const { t } = useTexts('message');
  const { t: tc } = useTexts();
  const { t: tf } = useTexts('file');
  const sender = quote.kind === 'found' ? quote.message.sender_uuid : '';
  const known = useMirror((mirror) => mirror.people);
  if (quote.kind === 'loading') return { name: '', words: '' };
  if (quote.kind === 'missing') return { name: t('quote.reply'), words: t('quote.missing') };
  const name = personName(known, sender, tc);
  if (quote.message.deleted_at > 0) return { name, words: t('deleted') };
  return { name, words: messageLine(quote.message, tf) };
}
