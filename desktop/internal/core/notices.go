package core

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	// firstNotices is how many notices are asked for when something changed: everybody asks at once.
	firstNotices = 20
	// maxHeldNotices is how many of them this device keeps; older ones are asked for again.
	maxHeldNotices = 500
	// noticeTries is how often a list is read again that changes meanwhile.
	noticeTries = 3
)

// board keeps the notices equal to the server's. The events say only that there is something new; what it is, the list says.
type board struct {
	s    *session
	kick chan struct{}
	bell *bell

	// reading is held while the list is read and stored, so that an older one never takes the place of a newer.
	reading sync.Mutex

	mu     sync.Mutex
	rev    int64 // the highest that an event told of
	spread bool  // somebody changed notices: everybody is about to ask
}

func newBoard(s *session) *board {
	return &board{s: s, kick: make(chan struct{}, 1), bell: newBell(s)}
}

// Ask has the list asked for.
func (b *board) Ask() {
	select {
	case b.kick <- struct{}{}:
	default: // it will be
	}
}

// Hint takes an event. One with a known revision tells of what the user did himself, on another device.
func (b *board) Hint(rev int64) {
	b.mu.Lock()
	if rev > b.rev {
		b.rev, b.spread = rev, true
	}
	b.mu.Unlock()
	b.Ask()
}

// wait is how long to wait before asking: with thousands of others that got the same event, not at the same moment.
func (b *board) wait() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.spread {
		return 0
	}
	b.spread = false
	return rand.N(b.s.o.Pace.NoticeSpread) //nolint:gosec // G404: it spreads load
}

func (b *board) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.kick:
		}
		if !pause(ctx, b.wait()) {
			return
		}
		err := b.try(ctx)
		switch {
		case err == nil || !b.s.online(): // the next connection asks
		case client.Temporary(err):
			if !pause(ctx, b.s.o.Pace.RetryMost) {
				return
			}
			b.Ask()
		default:
			b.s.log.WarnContext(ctx, "notices were not read", slog.Any("error", err))
		}
	}
}

func (b *board) try(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, b.s.o.Pace.CallTimeout)
	defer cancel()
	b.reading.Lock()
	defer b.reading.Unlock()
	return b.refresh(ctx)
}

// refresh asks for the list; reading is held.
func (b *board) refresh(ctx context.Context) error {
	held, err := b.s.store.Notices(ctx)
	if err != nil {
		return b.s.storeFailed(err)
	}
	list, err := b.fetch(ctx, held)
	if err != nil {
		return err
	}
	if !list.Unchanged {
		if err := b.keep(ctx, list); err != nil {
			return err
		}
		b.bell.Changed(held, list)
		held = list
	}
	return b.tellReads(ctx, held)
}

func (b *board) keep(ctx context.Context, list wire.NoticeList) error {
	if err := b.s.store.SaveNotices(ctx, list); err != nil {
		return b.s.storeFailed(err)
	}
	b.s.updates.Notices()
	return nil
}

// fetch reads as many notices as are held; those that the page has scrolled to stay in view.
func (b *board) fetch(ctx context.Context, held wire.NoticeList) (wire.NoticeList, error) {
	stamp := held.Stamp
	for range noticeTries {
		list, err := b.s.auth.Notices(ctx, 0, firstNotices, stamp)
		if err != nil || list.Unchanged {
			return list, err
		}
		same := true
		for same && list.Next != 0 && len(list.Notices) < min(len(held.Notices), maxHeldNotices) {
			if same, err = b.append(ctx, &list); err != nil {
				return list, err
			}
		}
		if same {
			return list, nil
		}
		stamp = ""
	}
	return wire.NoticeList{}, errNoticesRace
}

var errNoticesRace = &Failure{Code: string(wire.Unavailable), Message: "the notices change faster than they can be read"}

// append adds the next page to a list; same is false when it belongs to another state of it.
func (b *board) append(ctx context.Context, list *wire.NoticeList) (same bool, err error) {
	page, err := b.s.auth.Notices(ctx, list.Next, wire.MaxNoticesLimit, "")
	if err != nil || page.Stamp != list.Stamp {
		return false, err
	}
	list.Notices, list.Next = append(list.Notices, page.Notices...), page.Next
	return true, nil
}

// tellReads tells the server what was read while it could not be told. What was changed meanwhile was not read.
func (b *board) tellReads(ctx context.Context, list wire.NoticeList) error {
	reads, err := b.s.store.NoticeReads(ctx)
	if err != nil {
		return b.s.storeFailed(err)
	}
	for _, r := range reads {
		n, found := findNotice(list, r.NoticeUUID)
		if found && !n.Read && milliOf(n.EditedAt) == r.EditedAt {
			err := b.s.auth.ReadNotice(ctx, r.NoticeUUID, r.EditedAt)
			if err == nil {
				b.Ask() // it stays read here until the list says so, too
				continue
			}
			if code := client.CodeOf(err); code != wire.NotFound && code != wire.Conflict {
				return err
			}
		}
		if err := b.s.store.NoticeReadTold(ctx, r); err != nil {
			return b.s.storeFailed(err)
		}
	}
	return nil
}

func findNotice(list wire.NoticeList, noticeUUID string) (wire.Notice, bool) {
	for _, n := range list.Notices {
		if n.NoticeUUID == noticeUUID {
			return n, true
		}
	}
	return wire.Notice{}, false
}

// viewNotices is the list as the page sees it: with what was read here and the server does not know yet.
func (s *session) viewNotices(ctx context.Context) (*Notices, error) {
	list, err := s.store.Notices(ctx)
	if err != nil {
		return nil, err
	}
	reads, err := s.store.NoticeReads(ctx)
	if err != nil {
		return nil, err
	}
	editedAt := make(map[string]int64, len(reads))
	for _, r := range reads {
		editedAt[r.NoticeUUID] = r.EditedAt
	}
	out := &Notices{
		Notices: make([]Notice, len(list.Notices)), More: list.Next != 0, Unread: list.Unread, Unsettled: list.Unsettled,
		Waiting: list.Waiting,
	}
	for i, n := range list.Notices {
		v := viewNotice(n)
		if at, here := editedAt[n.NoticeUUID]; here && at == v.EditedAt && !v.Read {
			v.Read = true
			if n.Asked {
				out.Unread--
			}
			if n.Asked && !n.Confirm {
				out.Waiting--
			}
		}
		out.Notices[i] = v
	}
	return out, nil
}

func viewNotice(n wire.Notice) Notice {
	return Notice{
		NoticeUUID: n.NoticeUUID, AuthorUUID: n.AuthorUUID, Title: n.Title, Text: n.Text, Confirm: n.Confirm, DueAt: milliOf(n.DueAt),
		CreatedAt: n.CreatedAt.UnixMilli(), EditedAt: milliOf(n.EditedAt), RemindedAt: milliOf(n.RemindedAt),
		Asked: n.Asked, Read: n.Read, ConfirmedAt: milliOf(n.ConfirmedAt),
	}
}

// OlderNotices has the next page of notices asked for; they come as Update.Notices.
func (c *Core) OlderNotices() error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		s.board.reading.Lock()
		defer s.board.reading.Unlock()
		return s.board.older(ctx)
	})
}

func (b *board) older(ctx context.Context) error {
	for range noticeTries {
		list, err := b.s.store.Notices(ctx)
		if err != nil {
			return b.s.storeFailed(err)
		}
		if list.Next == 0 || len(list.Notices) >= maxHeldNotices {
			return nil
		}
		same, err := b.append(ctx, &list)
		if err != nil {
			return err
		}
		if same {
			return b.keep(ctx, list)
		}
		if err := b.refresh(ctx); err != nil {
			return err
		}
	}
	return errNoticesRace
}

// ReadNotice says that the user has read a notice, as it stood when it was edited at editedAt (0: never). It works offline.
func (c *Core) ReadNotice(noticeUUID string, editedAt int64) error {
	return c.change(checkID(noticeUUID), func(ctx context.Context, s *session) error {
		err := s.store.NoteNoticeRead(ctx, store.NoticeRead{NoticeUUID: noticeUUID, EditedAt: editedAt})
		if err != nil {
			return s.storeFailed(err)
		}
		s.board.bell.Seen(noticeUUID)
		s.updates.Notices()
		s.board.Ask()
		return nil
	})
}

// ConfirmNotice says that the user confirms a notice, as it stood when it was edited at editedAt. It needs the network. When the
// notice was changed meanwhile it refuses with wire.Conflict (edit_conflict): the user is to read it first.
func (c *Core) ConfirmNotice(noticeUUID string, editedAt int64) error {
	return c.change(checkID(noticeUUID), func(ctx context.Context, s *session) error {
		if !s.online() {
			return fmt.Errorf("confirm a notice: %w", client.ErrOffline)
		}
		s.board.reading.Lock()
		defer s.board.reading.Unlock()
		return s.board.confirm(ctx, noticeUUID, editedAt)
	})
}

func (b *board) confirm(ctx context.Context, noticeUUID string, editedAt int64) error {
	if err := b.refresh(ctx); err != nil {
		return err
	}
	list, err := b.s.store.Notices(ctx)
	if err != nil {
		return b.s.storeFailed(err)
	}
	n, found := findNotice(list, noticeUUID)
	switch {
	case !found:
		return refuse(wire.NotFound, "", "no such notice")
	case milliOf(n.EditedAt) != editedAt:
		return refuse(wire.Conflict, wire.ReasonEditConflict, "the notice was changed")
	}
	if err := b.s.auth.ConfirmNotice(ctx, noticeUUID, editedAt); err != nil {
		return err
	}
	b.Ask() // when the list can't be read now, the page learns of it then
	return b.refresh(ctx)
}
