import { Button } from '@mantine/core';
import { IconArrowForwardUp, IconCopy, IconTrash } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge, useMirror, useSession } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { personName } from '@/components/names';
import { useToast } from '@/components/toast';
import { fullTime } from '@/i18n/time';
import { DeleteDialog } from './delete-dialog';
import { quotesOf } from './quotes';
import { asText, endSelection, inOrder, keepChosen, maxChosen, type Chosen } from './selection';
import styles from './selection-bar.module.css';

const ForwardDialog = lazy(async () => ({ default: (await import('./forward-dialog')).ForwardDialog }));

export interface SelectionBarProps {
  room: string;
  chosen: Chosen;
}

/** What can be done with the chosen messages, in the place of the composer. Esc ends the choosing. */
export function SelectionBar({ room, chosen }: SelectionBarProps) {
  const { t } = useTranslation('message');
  const { t: tc } = useTranslation();
  const [asking, setAsking] = useState<'forward' | 'delete'>();
  const messages = inOrder(chosen);
  const copy = useCopy();
  const count = messages.length;
  useEscape(asking === undefined);
  useFollowing(room);
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('selection.label')} data-testid="selection-bar">
      <span className={styles.count} role="status" data-testid="selection-count">
        {t(count === maxChosen ? 'selection.full' : 'selection.count', { count })}
      </span>
      <Button
        variant="default"
        leftSection={<IconArrowForwardUp className={styles.icon} aria-hidden="true" />}
        disabled={count === 0}
        data-testid="selection-forward"
        onClick={() => setAsking('forward')}
      >
        {t('forward')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconCopy className={styles.icon} aria-hidden="true" />}
        disabled={count === 0}
        data-testid="selection-copy"
        onClick={() => void copy(messages)}
      >
        {t('copy')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconTrash className={styles.icon} aria-hidden="true" />}
        disabled={count === 0}
        data-testid="selection-delete"
        onClick={() => setAsking('delete')}
      >
        {t('delete.for_me')}
      </Button>
      <Button variant="subtle" data-testid="selection-end" onClick={endSelection}>
        {tc('cancel')}
      </Button>
      {asking === 'delete' && (
        <DeleteDialog messages={messages} onDone={endSelection} onClose={() => setAsking(undefined)} />
      )}
      <Suspense fallback={null}>
        {asking === 'forward' && (
          <ForwardDialog messages={messages} onDone={endSelection} onClose={() => setAsking(undefined)} />
        )}
      </Suspense>
    </div>
  );
}

/** Copies messages with names and times, as one pastes them into a mail. */
function useCopy(): (messages: readonly Message[]) => Promise<void> {
  const { t, i18n } = useTranslation('message');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  const people = useMirror((mirror) => mirror.people);
  return async (messages) => {
    try {
      const name = (message: Message) => personName(people, message.sender_uuid, tc);
      await bridge.copyText(asText(messages, name, (at) => fullTime(i18n.language, at)));
      toast(t('selection.copied', { count: messages.length }));
      endSelection();
    } catch {
      toast(t('copy_failed'));
    }
  };
}

/** Before anything else that Esc would do; but a dialog closes first. */
function useEscape(on: boolean) {
  useEffect(() => {
    if (!on) return undefined;
    const end = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      endSelection();
    };
    window.addEventListener('keydown', end, true);
    return () => window.removeEventListener('keydown', end, true);
  }, [on]);
}

/** Chosen messages that are deleted meanwhile are let go. */
function useFollowing(room: string) {
  const session = useSession();
  const quotes = quotesOf(session, room);
  const loaded = useStore(quotes.loaded);
  useEffect(() => keepChosen(loaded), [loaded]);
}
