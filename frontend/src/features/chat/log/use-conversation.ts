import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { asFailure } from '@/bridge/failure';
import { useSession } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { dayOf } from '@/components/calendar';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useWindowFocus } from '@/components/window-focus';
import { fullDay } from '@/i18n/time';
import { createConversation, type ConversationModel } from './conversation-model';

/** Ways through a conversation; what can't be reached is said in a toast, and nothing moves. */
export interface Jumps {
  toMessage: (seq: number) => void;
  toDate: (day: number) => void;
  toEnd: () => void;
}

/**
 * The model of an open room, what it holds, and the ways through it. `target` is a message to show. For a component that
 * is made anew for each room.
 */
export function useConversation(room: Room, target: { seq: number; at: number } | undefined) {
  const session = useSession();
  const [model] = useState(() => createConversation(session, room.room_uuid, () => Date.now()));
  const state = useStore(model.store);
  const jumps = useJumps(model);
  // In this order: what is to be shown is opened at once, and not after the rest.
  useEffect(() => {
    if (target) jumps.toMessage(target.seq);
  }, [jumps, target]);
  useEffect(() => model.start(), [model]);
  const looks = useWindowFocus();
  const looked = useRef(looks);
  useEffect(() => {
    if (looks && !looked.current) model.back();
    looked.current = looks;
  }, [model, looks]);
  return { model, state, jumps };
}

function useJumps(model: ConversationModel): Jumps {
  const { t, i18n } = useTranslation('chat');
  const toast = useToast();
  const failureText = useFailureText();
  const { language } = i18n;
  return useMemo(() => {
    const refused = (error: unknown) => {
      // A room that could not be opened says so itself.
      if (model.store.getState().status === 'open') toast(failureText(asFailure(error)));
    };
    const toDate = async (day: number) => {
      const found = await model.jumpToDate(day);
      if (found === 0) toast(t('log.date_none'));
      else if (found < day) toast(t('log.date_after_last', { day: fullDay(language, day) }));
      else if (dayOf(found) !== day) {
        toast(t('log.date_empty', { day: fullDay(language, day), found: fullDay(language, found) }));
      }
    };
    return {
      toMessage: (seq) => void model.jumpTo(seq).catch(refused),
      toDate: (day) => void toDate(day).catch(refused),
      toEnd: () => void model.jumpToEnd().catch(refused),
    };
    // failureText is made anew with each render and says the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [model, toast, t, language]);
}
