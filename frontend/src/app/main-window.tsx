import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror, useSession } from '@/bridge/session-context';
import { loadAhead } from '@/components/deferred';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { UpdateNotice } from '@/components/update-notice';
import { ConversationPane } from '@/features/chat/conversation/conversation-pane';
import { TransferButton } from '@/features/chat/file/transfer-button';
import { useLaunchPicture } from '@/features/chat/rooms/launch-picture';
import { RoomListPane } from '@/features/chat/rooms/room-list-pane';
import { createSearch, type SearchModel } from '@/features/search/search-model';
import { LinkBanner } from './link-banner';
import styles from './main-window.module.css';
import { createNav, type NavStore } from './nav';
import { PersonDialog } from './person-dialog';
import { Rail } from './rail';
import { ResizableList } from './resizable-list';
import {
  AdminScreen,
  everybodys,
  NewChatDialog,
  NoticeList,
  NoticePane,
  PeoplePane,
  PersonPane,
  SearchPane,
  SettingsScreen,
  ShortcutsDialog,
  SwitcherDialog,
} from './screens';
import { useShortcuts } from './shortcuts';
import { AsideNotice, StoreNotice } from './store-notice';
import { useOpened } from './use-opened';

/** Opens a room to write in: its field has the focus then, also in the room that is open already. */
function openToWrite(nav: NavStore, room: string) {
  nav.openRoom(room);
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-testid="composer-input"]')?.focus());
}

/** The window of somebody who is signed in: rail, list and what is open. */
export function MainWindow() {
  const [nav] = useState(() => createNav(() => Date.now()));
  const state = useMirror((mirror) => mirror.state);
  const session = useSession();
  const [search] = useState(() => createSearch(session.bridge));
  useEffect(() => session.onUpdate(search.messages.follow), [session, search]);
  useEffect(() => loadAhead(everybodys), []);
  const shown = useRef<HTMLDivElement>(null);
  useLaunchPicture(shown, session);
  useFollowCore(nav);
  useShortcuts(nav);
  const { profile, above, room } = useStore(nav.store);
  if (!state.me) return null;
  const close = () => nav.showAbove(undefined);
  const open = (chosen: string) => openToWrite(nav, chosen);
  return (
    <div ref={shown} className={styles.window}>
      <MainRail nav={nav} />
      <div className={styles.rest}>
        <LinkBanner state={state} />
        <UpdateNotice />
        {state.store_reset && <StoreNotice why="store_reset" />}
        {state.store_aside && <AsideNotice aside={state.store_aside} />}
        {state.server_reset && <StoreNotice why="server_reset" />}
        <Suspense fallback={null}>
          <Place nav={nav} search={search} />
        </Suspense>
      </div>
      <PersonDialog person={profile} onClose={() => nav.showProfile(undefined)} onRoom={open} />
      <Suspense fallback={null}>
        {above === 'new_chat' && <NewChatDialog onClose={close} onRoom={open} />}
        {above === 'switcher' && <SwitcherDialog open={room} onClose={close} onRoom={open} />}
        {above === 'shortcuts' && <ShortcutsDialog onClose={close} />}
      </Suspense>
    </div>
  );
}

function MainRail({ nav }: { nav: NavStore }) {
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  const me = useMirror((mirror) => mirror.state.me);
  const unread = useMirror((mirror) => mirror.unreadTotal);
  const notices = useMirror((mirror) => mirror.notices.waiting);
  const waiting = useMirror(
    ({ admin }) => admin.pending_users + admin.pending_resets + admin.pending_access + admin.failed_hooks,
  );
  const tab = useStore(nav.store, (held) => held.tab);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread > 99 ? '99+' : unread}) Hi_Msg` : 'Hi_Msg';
  }, [unread]);
  const choosePresence = useCallback(
    (state: string) => {
      bridge.setPresence(state).catch((error: unknown) => toast(failureText(asFailure(error))));
    },
    [bridge, toast, failureText],
  );
  const self = me?.user_uuid;
  const showSelf = useCallback(() => nav.showProfile(self), [nav, self]);
  if (!me) return null;
  return (
    <Rail
      me={me}
      tab={tab}
      unread={unread}
      notices={notices}
      waiting={waiting}
      onTab={nav.showTab}
      onPresence={choosePresence}
      onProfile={showSelf}
      extra={<TransferButton />}
    />
  );
}

/** What the chosen tab shows. In a narrow window list and detail take turns: data-detail says which. */
function Place({ nav, search }: { nav: NavStore; search: SearchModel }) {
  const { tab, room, person, notice, admin, target, finding, hitOpen, details } = useStore(nav.store);
  const openRoom = useCallback((chosen: string) => openToWrite(nav, chosen), [nav]);
  const newChat = useCallback(() => nav.showAbove('new_chat'), [nav]);
  if (tab === 'admin') {
    return (
      <AdminScreen
        section={admin?.section}
        subject={admin?.subject}
        onSection={nav.showAdmin}
        onPerson={nav.showProfile}
        onRoom={nav.openRoom}
      />
    );
  }
  if (tab === 'settings') return <SettingsScreen />;
  if (tab === 'people') {
    return (
      <div className={styles.place} data-detail={person !== undefined}>
        <ResizableList>
          <PeoplePane chosen={person} onChoose={nav.choosePerson} onRoom={nav.openRoom} />
        </ResizableList>
        <main className={styles.detail}>
          <PersonPane person={person} onBack={() => nav.choosePerson(undefined)} onRoom={nav.openRoom} />
        </main>
      </div>
    );
  }
  if (tab === 'notices') {
    return (
      <div className={styles.place} data-detail={notice !== undefined}>
        <ResizableList>
          <NoticeList chosen={notice} onChoose={nav.showNotice} />
        </ResizableList>
        <main className={styles.detail}>
          <NoticePane
            notice={notice}
            onBack={() => nav.showNotice(undefined)}
            onPerson={nav.showProfile}
            onRoom={nav.openRoom}
          />
        </main>
      </div>
    );
  }
  // One conversation for both: it stays as it is when one goes from the one to the other.
  const searching = tab === 'search';
  return (
    <div className={styles.place} data-detail={searching ? hitOpen : room !== undefined} data-launch="place">
      <ResizableList>
        {searching ? (
          <SearchPane search={search} onRoom={nav.openHit} />
        ) : (
          <RoomListPane open={room} onOpen={openRoom} onNewChat={newChat} />
        )}
      </ResizableList>
      <main className={styles.detail}>
        <ConversationPane
          room={room}
          target={target}
          finding={finding}
          onFinding={nav.showFinding}
          onBack={() => (searching ? nav.closeHit() : nav.openRoom(undefined))}
          onPerson={nav.showProfile}
          onRoom={nav.openRoom}
          onNewChat={newChat}
          onPeople={() => nav.showTab('people')}
          details={details}
          onDetails={nav.showDetails}
        />
      </main>
    </div>
  );
}

/** Opens what a notification or a link asked for, and leaves a room that is no longer ours. */
function useFollowCore(nav: NavStore) {
  const session = useSession();
  useOpened(nav);
  useEffect(
    () =>
      session.onUpdate(() => {
        const { room } = nav.store.getState();
        if (room && !session.mirror.getState().rooms.has(room)) nav.store.setState({ room: undefined });
      }),
    [session, nav],
  );
}
