package core

import (
	"context"
	"log/slog"
	"sync"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// keeper does, one after the other and beside the events, what a changed connection or room asks for: who has read how
// far, messages of an opened room that holds none, presence after a reconnect.
type keeper struct {
	s     *session
	rooms *todo

	mu        sync.Mutex
	introduce bool
	presence  bool
	left      bool
	synced    bool
	count     bool
	access    bool
	unsent    bool
	send      bool
}

func newKeeper(s *session) *keeper { return &keeper{s: s, rooms: newTodo()} }

// Look asks the server about an opened room.
func (k *keeper) Look(roomUUID string) { k.rooms.Add(roomUUID) }

// Introduce tells the server how reachable the user is.
func (k *keeper) Introduce() { k.want(&k.introduce) }

// SayPresence tells it as it is now, active too.
func (k *keeper) SayPresence() { k.want(&k.presence) }

// Left says that the connection is gone, or that there has been none yet.
func (k *keeper) Left() { k.want(&k.left) }

// Synced says that all that was missed has been applied. What waits for an administrator is not among it.
func (k *keeper) Synced() {
	k.want(&k.count)
	k.want(&k.access)
	k.want(&k.synced)
}

// AccessChanged says that a request to read conversations was made, decided or ended.
func (k *keeper) AccessChanged() { k.want(&k.access) }

// ShowUnsent tells the page how the unsent messages stand.
func (k *keeper) ShowUnsent() { k.want(&k.unsent) }

// SendAll wakes the senders of all rooms.
func (k *keeper) SendAll() { k.want(&k.send) }

func (k *keeper) want(flag *bool) {
	k.mu.Lock()
	*flag = true
	k.mu.Unlock()
	k.rooms.Wake()
}

func (k *keeper) wanted(flag *bool) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	was := *flag
	*flag = false
	return was
}

func (k *keeper) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.rooms.kick:
		}
		tasks := []struct {
			flag *bool
			do   func(context.Context) error
		}{
			{&k.left, k.rememberUnread},
			{&k.send, k.s.outbox.kickAll},
			{&k.unsent, k.showUnsent},
			{&k.introduce, k.tellPresence},
			{&k.presence, k.sayPresence},
			{&k.synced, k.afterSync},
			{&k.count, k.countPending},
			{&k.access, k.countAccess},
		}
		for _, t := range tasks {
			if k.wanted(t.flag) {
				k.try(ctx, t.do)
			}
		}
		for _, id := range k.rooms.Take() {
			k.try(ctx, func(ctx context.Context) error { return k.room(ctx, id) })
		}
	}
}

// try does one thing within the time of a call. What fails for lack of a connection is asked for again by the next one.
func (k *keeper) try(ctx context.Context, do func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, k.s.o.Pace.CallTimeout)
	defer cancel()
	if err := do(ctx); err != nil && k.s.online() {
		k.s.log.WarnContext(ctx, "look after rooms", slog.Any("error", err))
	}
}

// room brings what the page shows of an opened room up to date.
func (k *keeper) room(ctx context.Context, roomUUID string) error {
	s := k.s
	if !s.opened.Has(roomUUID) || !s.online() {
		return nil
	}
	r, err := s.store.Room(ctx, roomUUID)
	if err != nil {
		return err
	}
	if r.Held.Hi == 0 && r.LastSeq > 0 {
		if err := s.current().syncer.Latest(ctx, roomUUID, pageSize); err != nil {
			return err
		}
		s.updates.Reset(roomUUID)
	}
	reply, err := s.current().conn.Reads(ctx, roomUUID)
	if err != nil {
		return err
	}
	s.readers.Set(roomUUID, reply)
	s.updates.Reads(roomUUID)
	return nil
}

// rememberUnread notes where the user was when the connection went. An empty store says nothing of that.
func (k *keeper) rememberUnread(ctx context.Context) error {
	rooms, err := k.s.store.Rooms(ctx)
	if err != nil || len(rooms) == 0 {
		return err
	}
	return k.s.notes.Left(ctx)
}

func (k *keeper) showUnsent(ctx context.Context) error {
	list, err := k.s.store.Outbox(ctx, "")
	for _, o := range list {
		if !o.Sent() {
			k.s.showOutgoing(o.RoomUUID, o.ClientID)
		}
	}
	return err
}

// tellPresence repeats what the server forgets with the connection. It takes a new one for active.
func (k *keeper) tellPresence(ctx context.Context) error {
	mine := k.s.presence.Mine()
	if mine == wire.PresenceActive {
		return nil
	}
	return k.s.current().conn.SetPresence(ctx, mine)
}

func (k *keeper) sayPresence(ctx context.Context) error {
	if !k.s.online() {
		return nil // the next connection begins with it
	}
	return k.s.current().conn.SetPresence(ctx, k.s.presence.Mine())
}

func (k *keeper) afterSync(ctx context.Context) error {
	if k.s.linkNow().State != client.LinkOnline {
		return nil
	}
	k.rooms.Add(k.s.opened.All()...)
	return k.s.notes.Synced(ctx)
}

// countFailed asks how many outgoing hooks the server gave up, among the newest. A server that knows none of them has none.
func (k *keeper) countFailed(ctx context.Context) (failed int) {
	list, err := k.s.auth.Integrations(ctx, 0)
	if err != nil {
		return 0 // the next event says it
	}
	for _, i := range list.Integrations {
		if i.State == wire.IntegrationFailed {
			failed++
		}
	}
	return failed
}

// countPending asks how many sign-ups wait. The server tells administrators of changes only, so whoever asked while this
// one was away would never be counted.
func (k *keeper) countPending(ctx context.Context) error {
	s := k.s
	if !s.account.isAdmin() || !s.online() {
		return nil
	}
	before := s.adminCounts()
	list, err := s.auth.PendingUsers(ctx)
	if err != nil || s.adminCounts() != before { // told meanwhile, and newer than the answer
		return err
	}
	counts := wire.AdminCounts{PendingUsers: len(list)}
	if before != nil {
		counts.PendingResets, counts.FailedHooks = before.PendingResets, before.FailedHooks
	} else {
		counts.FailedHooks = k.countFailed(ctx)
	}
	s.setAdminCounts(&counts)
	return nil
}
