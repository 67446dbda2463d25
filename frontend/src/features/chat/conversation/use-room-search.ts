import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useSession } from '@/bridge/session-context';
import { createMessageSearch, hitsOf, noQuery } from '@/components/message-search';
import { wordsOf } from '@/features/chat/log/found';

/** Searching in one room: which of the hits is shown, the newest first. */
export function useRoomSearch(roomUuid: string, onHit: (seq: number) => void) {
  const session = useSession();
  const search = useMemo(() => createMessageSearch(session.bridge), [session]);
  useEffect(() => session.onUpdate(search.follow), [session, search]);
  useEffect(() => () => search.stop(), [search]);
  const finding = useStore(search.store);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const hits = hitsOf(finding);

  // The newest hit shows by itself as soon as it is there.
  const shown = useRef<unknown>(undefined);
  const newest = finding.status === 'found' ? finding.hits[0] : undefined;
  useEffect(() => {
    if (!newest || shown.current === newest) return;
    shown.current = newest;
    onHit(newest.message.seq);
  }, [newest, onHit]);

  function show(place: number) {
    const hit = hits[place];
    if (!hit) return;
    setAt(place);
    onHit(hit.message.seq);
  }

  /** Shows an older or a newer hit; older pages of them come by themselves. */
  async function step(to: 'older' | 'newer') {
    const next = to === 'older' ? at + 1 : at - 1;
    if (finding.status === 'found' && next >= hits.length && finding.next > 0) {
      await search.more();
      const hit = hitsOf(search.store.getState())[next];
      if (hit) {
        setAt(next);
        onHit(hit.message.seq);
      }
      return;
    }
    show(next);
  }

  return {
    finding,
    text,
    at,
    count: hits.length,
    words: finding.status === 'found' || finding.status === 'searching' ? wordsOf(text) : noWords,
    change: (next: string) => {
      setText(next);
      setAt(0);
      search.ask({ ...noQuery, text: next, room_uuid: roomUuid });
    },
    step,
    again: search.again,
  };
}

const noWords: string[] = [];
