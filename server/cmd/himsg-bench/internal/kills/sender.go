package kills

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

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
	crowd   *crowd
	member  *member
	random  *rand.Rand
	numbers map[string]int64 // room → number of the last message
}

func newSender(c *crowd, m *member, seed uint64) *sender {
	random := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // G404: a repeatable choice
	return &sender{crowd: c, member: m, random: random, numbers: map[string]int64{}}
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
		if !sleep(ctx, thinking) {
			return
		}
	}
}

// message sends one message, and sometimes deletes it again.
func (s *sender) message(ctx context.Context) error {
	room := s.member.rooms[s.random.IntN(len(s.member.rooms))]
	s.numbers[room]++
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make client_id: %w", err)
	}
	e := entry{
		What: sent, Sender: s.member.person.UUID, Room: room, Number: s.numbers[room], ClientID: id.String(),
		Text: fmt.Sprintf("%s 님의 %d번째 메시지 in %s", s.member.person.UUID, s.numbers[room], room),
	}
	if err := s.crowd.book.write(e); err != nil {
		return err
	}
	var reply wire.SendReply
	err = s.insist(ctx, func() (err error) {
		request := wire.SendRequest{RoomUUID: room, ClientID: e.ClientID, Text: e.Text}
		reply, err = s.member.conn.Send(ctx, request)
		return err
	})
	if err != nil {
		return fmt.Errorf("send: %w", err)
	}
	s.crowd.acked(rig.Now())
	e.What, e.MessageID, e.Seq = acked, reply.MessageID, reply.Seq
	if err := s.crowd.book.write(e); err != nil {
		return err
	}
	if s.random.IntN(deleteOneIn) == 0 {
		return s.takeBack(ctx, e)
	}
	return nil
}

func (s *sender) takeBack(ctx context.Context, e entry) error {
	e.What = deleting
	if err := s.crowd.book.write(e); err != nil {
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
	e.What = deletedAcked
	return s.crowd.book.write(e)
}

// insist repeats what failed for now.
func (s *sender) insist(ctx context.Context, try func() error) error {
	for {
		err := try()
		if !client.Temporary(err) {
			return err
		}
		if !sleep(ctx, max(retryPause, client.RetryAfter(err))) {
			return ctx.Err()
		}
	}
}
