package crowd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	deleteOneIn = 20                    // messages that their sender deletes again
	retryPause  = 10 * time.Millisecond // while the server is away
	thinking    = 5 * time.Millisecond  // between messages: the disk is busy enough
)

// sender is one person at work: it sends one message at a time to one of its rooms, and again with the same client_id until
// it is acknowledged, as the app's outbox does.
type sender struct {
	crowd   *Crowd
	member  *member
	random  *rand.Rand
	padding string
}

func newSender(c *Crowd, m *member, seed uint64) *sender {
	random := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // G404: a repeatable choice
	return &sender{crowd: c, member: m, random: random, padding: strings.Repeat(".", c.o.Padding)}
}

func (s *sender) run(ctx context.Context) {
	for {
		select {
		case <-s.crowd.quit:
			return
		default:
		}
		err := s.message(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.crowd.fail(err)
			return
		}
		if !rig.Sleep(ctx, s.crowd.o.Pause) {
			return
		}
	}
}

// message sends one message, and sometimes deletes it again.
func (s *sender) message(ctx context.Context) error {
	e, err := s.post(ctx, s.member.rooms[s.random.IntN(len(s.member.rooms))], nil)
	if err != nil {
		return err
	}
	if s.random.IntN(deleteOneIn) == 0 && !s.crowd.o.Keep {
		return s.takeBack(ctx, e)
	}
	return nil
}

// post sends one message until it is acknowledged, and writes both into the book.
func (s *sender) post(ctx context.Context, room string, fileIDs []string) (e judge.Entry, err error) {
	id, err := uuid.NewV7()
	if err != nil {
		return e, fmt.Errorf("make client_id: %w", err)
	}
	s.member.numbers[room]++
	number := s.member.numbers[room]
	e = judge.Entry{
		What: judge.Sent, Sender: s.member.person.UUID, Room: room, Number: number, ClientID: id.String(),
		Text: fmt.Sprintf("%s 님의 %d번째 메시지 in %s%s", s.member.person.UUID, number, room, s.padding),
	}
	if err := s.crowd.book.Write(e); err != nil {
		return e, err
	}
	if s.crowd.o.Sending != nil {
		s.crowd.o.Sending(e.ClientID)
	}
	var reply wire.SendReply
	err = s.insist(ctx, func() (err error) {
		request := wire.SendRequest{RoomUUID: room, ClientID: e.ClientID, Text: e.Text, FileIDs: fileIDs}
		reply, err = s.member.conn.Send(ctx, request)
		return err
	})
	if err != nil {
		return e, fmt.Errorf("send: %w", err)
	}
	s.crowd.acked(rig.Now())
	e.What, e.MessageID, e.Seq = judge.Acked, reply.MessageID, reply.Seq
	return e, s.crowd.book.Write(e)
}

func (s *sender) takeBack(ctx context.Context, e judge.Entry) error {
	e.What = judge.Deleting
	if err := s.crowd.book.Write(e); err != nil {
		return err
	}
	err := s.insist(ctx, func() error {
		_, err := s.member.conn.Delete(ctx, e.MessageID)
		return err
	})
	switch {
	case client.CodeOf(err) == wire.NotFound:
		return nil // it was acknowledged: the judge looks whether it is stored
	case err != nil:
		return fmt.Errorf("delete: %w", err)
	}
	e.What = judge.DeletedAcked
	return s.crowd.book.Write(e)
}

// insist repeats what failed for now.
func (s *sender) insist(ctx context.Context, try func() error) error {
	for {
		err := try()
		if !client.Temporary(err) {
			return err
		}
		s.crowd.refused(err)
		if !rig.Sleep(ctx, max(retryPause, client.RetryAfter(err))) {
			return ctx.Err()
		}
	}
}
