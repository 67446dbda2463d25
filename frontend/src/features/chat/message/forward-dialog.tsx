import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { personName } from '@/components/names';
import { Notice } from '@/components/notice';
import { SearchField } from '@/components/search-field';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { messageLine } from '@/features/chat/file/file-words';
import { ForwardList } from './forward-list';
import { findTargets, forwardTargets, maxTargets, type ForwardTarget } from './forward-targets';
import { useLogActions } from '@/components/log-actions';
import styles from './forward-dialog.module.css';

/** So many of the messages are shown in it; the others are counted. */
const shownMessages = 3;

export interface ForwardDialogProps {
  messages: readonly Message[];
  onClose: () => void;
  onDone?: () => void;
}

/** Chooses rooms and people that get messages, too. Without a network they wait in the outbox. */
export function ForwardDialog({ messages, onClose, onDone }: ForwardDialogProps) {
  const { t } = useTranslation('message');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const { onRoom } = useLogActions();
  const offline = useMirror((mirror) => mirror.state.link !== 'online');
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<readonly ForwardTarget[]>([]);
  const found = useTargets(query);

  function toggle(target: ForwardTarget) {
    const rest = chosen.filter((one) => one.id !== target.id);
    if (rest.length < chosen.length) setChosen(rest);
    else if (chosen.length < maxTargets) {
      setChosen([...chosen, target]);
      setQuery('');
    }
  }
  async function forward() {
    let first = '';
    const went = await task.run(async () => {
      const ids = messages.map((message) => message.message_id);
      const rooms = await Promise.all(
        chosen.map((target) => (target.kind === 'room' ? target.id : bridge.openPerson(target.id))),
      );
      await bridge.forward(ids, rooms);
      first = rooms[0] ?? '';
    });
    if (!went) return;
    onClose();
    onDone?.();
    toast(t(offline ? 'forward_dialog.waiting' : 'forward_dialog.done', { count: chosen.length }), {
      label: t('show'),
      onPress: () => onRoom(first, 0),
    });
  }
  return (
    <Dialog title={t('forward_dialog.title')} width={440} onClose={onClose}>
      <div className={styles.dialog}>
        <WhatGoes messages={messages} />
        {offline && <Notice kind="warn">{t('forward_dialog.offline')}</Notice>}
        <SearchField
          value={query}
          onChange={setQuery}
          label={t('forward_dialog.search')}
          placeholder={t('forward_dialog.search')}
          testId="forward-search"
          focusFirst
          onEnter={() => {
            const [first] = found;
            if (first && query !== '') toggle(first);
          }}
        />
        <ForwardList targets={found} chosen={chosen} onToggle={toggle} />
        {chosen.length === maxTargets && (
          <p className={styles.hint}>{t('forward_dialog.full', { count: maxTargets })}</p>
        )}
        {task.failure && <FailureNotice failure={task.failure} />}
        <Button
          size="md"
          disabled={chosen.length === 0}
          loading={task.busy}
          data-testid="forward-send"
          onClick={() => void forward()}
        >
          {chosen.length === 0 ? t('forward_dialog.choose') : t('forward_dialog.send', { count: chosen.length })}
        </Button>
      </div>
    </Dialog>
  );
}

function useTargets(query: string): ForwardTarget[] {
  const { t: tc } = useTranslation();
  const rooms = useMirror((mirror) => mirror.rooms);
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me);
  const all = useMemo(
    () => (me ? forwardTargets({ rooms: [...rooms.values()], people, me, tc }) : []),
    [rooms, people, me, tc],
  );
  return useMemo(() => findTargets(all, people, query), [all, people, query]);
}

function WhatGoes({ messages }: { messages: readonly Message[] }) {
  const { t } = useTranslation('message');
  const { t: tc } = useTranslation();
  const { t: tf } = useTranslation('file');
  const people = useMirror((mirror) => mirror.people);
  const rest = messages.length - shownMessages;
  return (
    <ul className={styles.messages} aria-label={t('forward_dialog.what', { count: messages.length })}>
      {messages.slice(0, shownMessages).map((message) => (
        <li key={message.client_id} className={styles.message}>
          <span className={styles.name}>{personName(people, message.sender_uuid, tc)}</span>
          <span className={styles.words}>{messageLine(message, tf)}</span>
        </li>
      ))}
      {rest > 0 && <li className={styles.rest}>{t('forward_dialog.more', { count: rest })}</li>}
    </ul>
  );
}
