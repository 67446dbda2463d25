import { useEffect, useState } from 'react';
import { useBridge } from '@/bridge/session-context';
import type { Member, Room } from '@/bridge/types';

/** The members that are known: all, or a first part with more behind it. */
export interface Members {
  list: readonly Member[];
  more: boolean;
  failed: boolean;
  loadMore: () => void;
}

/**
 * The members of a room, owners first. Those of the room's summary stand at once; the server's pages follow, and again
 * whenever somebody comes, goes or gets another role.
 */
export function useMembers(room: Room): Members {
  const bridge = useBridge();
  const { room_uuid: roomUuid } = room;
  const version = `${room.member_count} ${room.members.join()} ${room.owners.join()}`;
  const [loaded, setLoaded] = useState<Loaded>();
  const [failed, setFailed] = useState(false);
  // How many pages are wanted of this version of the room.
  const [wanted, setWanted] = useState({ version, pages: 1 });
  const pages = wanted.version === version ? wanted.pages : 1;
  const fresh = loaded?.version === version ? loaded : undefined;
  const after = fresh?.next ?? '';
  const needsPage = (fresh?.pages ?? 0) < pages && (fresh === undefined || after !== '');

  useEffect(() => {
    if (!needsPage) return undefined;
    let gone = false;
    bridge.roomMembers(roomUuid, after).then(
      (page) => {
        if (gone) return;
        setFailed(false);
        setLoaded((held) => {
          const before = held?.version === version ? held : { pages: 0, list: [] };
          return { version, pages: before.pages + 1, list: [...before.list, ...page.members], next: page.next };
        });
      },
      () => {
        if (!gone) setFailed(true); // those of the summary stand
      },
    );
    return () => {
      gone = true;
    };
  }, [bridge, roomUuid, version, after, needsPage]);

  return {
    list: fresh?.list ?? ofSummary(room),
    more: after !== '',
    failed,
    loadMore: () => setWanted({ version, pages: (fresh?.pages ?? 0) + 1 }),
  };
}

interface Loaded {
  version: string;
  pages: number;
  list: readonly Member[];
  next: string;
}

function ofSummary(room: Room): Member[] {
  const owners = new Set(room.owners);
  return room.members
    .map((user_uuid) => ({ user_uuid, role: owners.has(user_uuid) ? 'owner' : 'member', joined_at: 0 }))
    .toSorted((a, b) => Number(owners.has(b.user_uuid)) - Number(owners.has(a.user_uuid)));
}
