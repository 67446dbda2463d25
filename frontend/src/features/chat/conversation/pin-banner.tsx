import { Popover } from '@mantine/core';
import { IconChevronUp, IconPin } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import type { Room } from '@/bridge/types';
import { useLogActions } from '@/components/log-actions';
import { useQuoteWords } from '@/features/chat/message/quote-line';
import type { Quote } from '@/features/chat/message/quotes';
import { useQuotes } from '@/features/chat/message/use-quotes';
import { PinList } from './pin-list';
import styles from './pin-banner.module.css';

/** The rooms whose notice is folded away, with the pin it was: a new one shows again. */
const useFolded = create<ReadonlyMap<string, number>>(() => new Map());

function fold(room: string, seq: number) {
  useFolded.setState(new Map(useFolded.getState()).set(room, seq), true);
}

const gone: Quote = { kind: 'missing' };

export interface PinBannerProps {
  room: Room;
}

/** The room's notice under its head: the message that was pinned last, and all the others by one press. */
export function PinBanner({ room }: PinBannerProps) {
  const { room_uuid: uuid, pins } = room;
  const quotes = useQuotes(uuid, pins);
  const folded = useFolded((held) => held.get(uuid));
  // One that this reader may not see, or deleted for himself, is no notice for him.
  const shown = pins.toReversed().filter((seq) => isShown(quotes.get(seq) ?? gone));
  const [latest] = shown;
  if (latest === undefined) return null;
  const quote = quotes.get(latest) ?? gone;
  return folded === latest ? (
    <Folded onUnfold={() => fold(uuid, 0)} />
  ) : (
    <Banner quote={quote} seq={latest} seqs={shown} quotes={quotes} onFold={() => fold(uuid, latest)} />
  );
}

function isShown(quote: Quote): boolean {
  return quote.kind === 'found' && quote.message.deleted_at === 0;
}

function Folded({ onUnfold }: { onUnfold: () => void }) {
  const { t } = useTranslation('message');
  return (
    <div className={styles.corner}>
      <button
        type="button"
        className={styles.unfold}
        aria-label={t('pin.unfold')}
        title={t('pin.unfold')}
        aria-expanded="false"
        data-testid="pin-unfold"
        onClick={onUnfold}
      >
        <IconPin className={styles.icon} aria-hidden="true" />
      </button>
    </div>
  );
}

interface BannerProps {
  quote: Quote;
  seq: number;
  /** All that are shown, the latest first. */
  seqs: readonly number[];
  quotes: ReadonlyMap<number, Quote>;
  onFold: () => void;
}

function Banner({ quote, seq, seqs, quotes, onFold }: BannerProps) {
  const { t } = useTranslation('message');
  const { onJump } = useLogActions();
  const { words } = useQuoteWords(quote);
  const [open, setOpen] = useState(false);
  return (
    <section className={styles.banner} aria-label={t('pin.notice')} data-testid="pin-banner">
      <button
        type="button"
        className={styles.latest}
        data-testid="pin-latest"
        data-seq={seq}
        onClick={() => onJump(seq)}
      >
        <IconPin className={styles.icon} aria-hidden="true" />
        <span className={styles.title}>{t('pin.notice')}</span>
        <span className={styles.words}>{words}</span>
      </button>
      <Popover
        opened={open}
        onChange={setOpen}
        position="bottom-end"
        width="22.5rem"
        withinPortal
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button type="button" className={styles.all} data-testid="pin-all" onClick={() => setOpen(!open)}>
            {t('pin.all', { count: seqs.length })}
          </button>
        </Popover.Target>
        <Popover.Dropdown p={0} aria-label={t('pin.list')}>
          <PinList
            seqs={seqs}
            quotes={quotes}
            onJump={(chosen) => {
              setOpen(false);
              onJump(chosen);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      <button
        type="button"
        className={styles.fold}
        aria-label={t('pin.fold')}
        title={t('pin.fold')}
        aria-expanded="true"
        data-testid="pin-fold"
        onClick={onFold}
      >
        <IconChevronUp className={styles.icon} aria-hidden="true" />
      </button>
    </section>
  );
}
