package core

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// maxSending is how many rooms' messages are on their way at a time.
const maxSending = 8

// outbox brings what the user wrote to the server: each room's messages one at a time, in the order of writing, with the
// same client_id until there is an answer. The rows are in the store; here is only who works on them.
type outbox struct {
	s     *session
	slots chan struct{}
	wg    sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	senders map[string]chan struct{} // a room's sender, and how to tell it that there is more
}

func newOutbox(s *session) *outbox {
	return &outbox{s: s, slots: make(chan struct{}, maxSending), senders: map[string]chan struct{}{}}
}

// Kick says that a room has something to be sent.
func (b *outbox) Kick(roomUUID string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	more, ok := b.senders[roomUUID]
	if !ok {
		more = make(chan struct{}, 1)
		b.senders[roomUUID] = more
		b.wg.Go(func() { b.work(b.s.life, roomUUID, more) })
		return
	}
	select {
	case more <- struct{}{}:
	default: // told already
	}
}

// KickAll looks at all rooms: the connection is back. It returns at once.
func (b *outbox) KickAll() {
	b.s.keeper.SendAll()
}

func (b *outbox) kickAll(ctx context.Context) error {
	rooms, err := b.s.store.RoomsWithOutgoing(ctx)
	for _, id := range rooms {
		b.Kick(id)
	}
	return err
}

// wait ends when the senders did; the session's life has ended before.
func (b *outbox) wait() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.wg.Wait()
}

// leave ends a room's sender, unless it was told meanwhile that there is more.
func (b *outbox) leave(roomUUID string, more chan struct{}) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-more:
		return false
	default:
		delete(b.senders, roomUUID)
		return true
	}
}

// work sends a room's messages until there is none left or the connection is gone. A message that gets a temporary
// refusal stays the first one and is tried again, later each time.
func (b *outbox) work(ctx context.Context, roomUUID string, more chan struct{}) {
	wait := b.s.o.Pace.RetryFirst
	for ctx.Err() == nil {
		sent, err := b.next(ctx, roomUUID)
		switch {
		case err == nil && sent:
			wait = b.s.o.Pace.RetryFirst
		case err == nil, !b.s.online():
			if b.leave(roomUUID, more) {
				return
			}
		default:
			if ctx.Err() != nil {
				return
			}
			b.s.log.InfoContext(ctx, "message not sent yet", slog.String("room_uuid", roomUUID), slog.Any("error", err))
			if !pause(ctx, max(wait, client.RetryAfter(err))) {
				return
			}
			wait = min(2*wait, b.s.o.Pace.RetryMost)
		}
	}
}

// next sends the oldest message of a room. It reports false when there is none, or no connection; an error means: again
// later.
func (b *outbox) next(ctx context.Context, roomUUID string) (bool, error) {
	if !b.s.online() {
		return false, nil
	}
	o, err := b.s.store.NextOutgoing(ctx, roomUUID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	reply, err := b.send(ctx, o)
	if err == nil {
		return true, b.confirmed(ctx, o, reply)
	}
	if permanent(err) {
		return true, b.refused(ctx, o, toFailure(err))
	}
	return false, err
}

func (b *outbox) send(ctx context.Context, o store.Outgoing) (wire.SendReply, error) {
	select {
	case b.slots <- struct{}{}:
		defer func() { <-b.slots }()
	case <-ctx.Done():
		return wire.SendReply{}, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, b.s.o.Pace.CallTimeout)
	defer cancel()
	return b.s.current().conn.Send(ctx, wire.SendRequest{
		RoomUUID: o.RoomUUID, ClientID: o.ClientID, Text: o.Text, ReplyToSeq: o.ReplyToSeq, Mentions: o.Mentions,
		MentionAll: o.MentionAll, ForwardedFrom: o.ForwardedFrom, FileIDs: fileIDs(o),
	})
}

func (b *outbox) confirmed(ctx context.Context, o store.Outgoing, r wire.SendReply) error {
	passed, err := b.s.store.Confirm(ctx, o.ClientID, r)
	if err != nil {
		return err
	}
	if passed {
		b.s.reload(o.RoomUUID)
	}
	b.s.updates.Rooms(o.RoomUUID)
	b.s.showOutgoing(o.RoomUUID, o.ClientID)
	return nil
}

func (b *outbox) refused(ctx context.Context, o store.Outgoing, why *Failure) error {
	b.s.log.WarnContext(ctx, "message refused", slog.String("room_uuid", o.RoomUUID), slog.String("code", why.Code),
		slog.String("request_id", why.RequestID))
	err := b.s.store.Fail(ctx, o.ClientID, encodeFailure(why))
	if errors.Is(err, store.ErrNotFound) {
		return nil // discarded, or it came back as an event
	}
	if err != nil {
		return err
	}
	b.s.updates.Rooms(o.RoomUUID)
	b.s.showOutgoing(o.RoomUUID, o.ClientID)
	return nil
}

func fileIDs(o store.Outgoing) []string {
	var out []string
	for _, f := range o.Files {
		out = append(out, f.FileID)
	}
	return out
}

// permanent reports whether the server refused for good. What it can't know (no answer, an ended session) is not that.
func permanent(err error) bool {
	code := client.CodeOf(err)
	return code != "" && code != wire.Unauthenticated && !client.Temporary(err)
}

// showOutgoing says that an unsent message stands differently now.
func (s *session) showOutgoing(roomUUID, clientID string) {
	if s.opened.Has(roomUUID) {
		s.updates.Unsent(roomUUID, clientID)
	}
}

// viewUnsent shows those of a room's messages that are in the outbox. One that is not there any more has been told of as a
// message, or as gone.
func (s *session) viewUnsent(ctx context.Context, roomUUID string, clientIDs map[string]bool) ([]Message, error) {
	if len(clientIDs) == 0 {
		return nil, nil
	}
	all, err := s.store.Outbox(ctx, roomUUID)
	var out []Message
	for _, o := range all {
		if clientIDs[o.ClientID] {
			out = append(out, viewOutgoing(o, s.eyes(), s.online()))
		}
	}
	return out, err
}
