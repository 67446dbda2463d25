package core

import (
	"context"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
)

// readQueue tells the server how far the user has read. Marks are in the store until it has answered.
type readQueue struct {
	s    *session
	wake *todo
}

func newReadQueue(s *session) *readQueue { return &readQueue{s: s, wake: newTodo()} }

// Wake says that there may be marks to tell of.
func (q *readQueue) Wake() { q.wake.Wake() }

func (q *readQueue) run(ctx context.Context) {
	wait := q.s.o.Pace.RetryFirst
	for {
		select {
		case <-ctx.Done():
			return
		case <-q.wake.kick:
		}
		for pause(ctx, q.s.o.Pace.ReadDelay) && q.s.online() {
			err := q.tell(ctx)
			if err == nil {
				wait = q.s.o.Pace.RetryFirst
				break
			}
			if !pause(ctx, max(wait, client.RetryAfter(err))) {
				return
			}
			wait = min(2*wait, q.s.o.Pace.RetryMost)
		}
	}
}

// tell sends all marks; a refused one is dropped, since repeating it can't help.
func (q *readQueue) tell(ctx context.Context) error {
	marks, err := q.s.store.ReadMarks(ctx)
	if err != nil {
		return err
	}
	for _, m := range marks {
		cursor, err := q.one(ctx, m)
		if err != nil && !permanent(err) {
			return err
		}
		if err := q.s.store.ReadConfirmed(ctx, m, cursor); err != nil {
			return err
		}
		q.s.updates.Rooms(m.RoomUUID)
	}
	return nil
}

func (q *readQueue) one(ctx context.Context, m store.ReadMark) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, q.s.o.Pace.CallTimeout)
	defer cancel()
	reply, err := q.s.current().conn.Read(ctx, m.RoomUUID, m.Seq)
	return reply.LastReadSeq, err
}
