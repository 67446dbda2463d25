import { useEffect, useState } from 'react';
import { useBridge } from '@/bridge/session-context';
import type { Reader, Reads } from '@/bridge/types';

/** Who has read a message, or has not, as far as it is loaded. */
export interface ReaderList {
  users: readonly Reader[];
  readCount: number;
  unreadCount: number;
  more: boolean;
  state: 'loading' | 'known' | 'failed';
  loadMore: () => void;
}

interface Loaded {
  read: boolean;
  users: readonly Reader[];
  next: string;
  readCount: number;
  unreadCount: number;
}

export interface ReadersOptions {
  roomUuid: string;
  seq: number;
  read: boolean;
  /** They change when somebody reads: then the list is asked for again. */
  reads: Reads;
}

/** Asks the server, page by page, who has read a message and when. */
export function useReaders({ roomUuid, seq, read, reads }: ReadersOptions): ReaderList {
  const bridge = useBridge();
  const [loaded, setLoaded] = useState<Loaded>();
  const [failed, setFailed] = useState(false);
  // How many pages are wanted of one question.
  const [wanted, setWanted] = useState({ read, pages: 1 });
  const pages = wanted.read === read ? wanted.pages : 1;

  useEffect(() => {
    let gone = false;
    async function load(before: readonly Reader[], after: string, left: number) {
      const page = await bridge.readers(roomUuid, seq, read, after);
      if (gone) return;
      const users = [...before, ...page.users];
      if (page.next !== '' && left > 1) {
        await load(users, page.next, left - 1);
        return;
      }
      setFailed(false);
      setLoaded({ read, users, next: page.next, readCount: page.read_count, unreadCount: page.unread_count });
    }
    load([], '', pages).catch(() => {
      if (!gone) setFailed(true);
    });
    return () => {
      gone = true;
    };
    // With each read event the same pages are asked for again.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [bridge, roomUuid, seq, read, reads, pages]);

  const fresh = loaded?.read === read ? loaded : undefined;
  return {
    users: fresh?.users ?? [],
    readCount: loaded?.readCount ?? 0,
    unreadCount: loaded?.unreadCount ?? 0,
    more: (fresh?.next ?? '') !== '',
    state: failed ? 'failed' : fresh ? 'known' : 'loading',
    loadMore: () => setWanted({ read, pages: pages + 1 }),
  };
}
