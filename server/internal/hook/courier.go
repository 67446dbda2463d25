package hook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file hands messages over to the targets of outgoing hooks. What waits is what the rooms hold behind each hook's own mark, in
// the database: a restart loses nothing, and what was deleted before its turn is not told.

const (
	couriers  = 4                // hooks that are served at once on a node
	postTime  = 10 * time.Second // for one try, as target bounds it too
	claimTime = 30 * time.Second // a hook is another's after so long without a sign of life
	readTime  = 10 * time.Second
	pollEvery = 2 * time.Second // what another node wrote, and what is to be tried again
	calmFor   = 50 * time.Millisecond
	pageSize  = 20
	turn      = 20 * time.Second // then another hook has its turn
	firstWait = 5 * time.Second  // after the first failure, then twice as long each time
	longWait  = time.Hour
	// GiveUpAfter is for how long a target fails until its hook is given up, if it was tried GiveUpTries times.
	GiveUpAfter = 24 * time.Hour
	giveUpTries = 10
)

// watched are the rooms of outgoing hooks, so that messages of others wake nobody.
type watched struct {
	mu    sync.Mutex
	rooms map[int64]bool // nil: not known
}

func (w *watched) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rooms = nil
}

func (w *watched) know(rooms []int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rooms = make(map[int64]bool, len(rooms))
	for _, id := range rooms {
		w.rooms[id] = true
	}
}

// has reports whether a room is among them, or may be.
func (w *watched) has(roomID int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rooms == nil || w.rooms[roomID]
}

// Heard is told of a message in a room. It does not block.
func (s *Service) Heard(roomID int64) {
	if s.seen.has(roomID) {
		s.Wake()
	}
}

// Wake has the couriers look for what waits. It does not block.
func (s *Service) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run hands messages over until ctx ends.
func (s *Service) Run(ctx context.Context) {
	var working sync.WaitGroup
	for n := range couriers {
		working.Go(func() { s.courier(ctx, s.o.Worker+" "+strconv.Itoa(n)) })
	}
	working.Wait()
}

// courier serves one hook after the other. The one that finds something wakes the next: what waits may be several hooks'.
func (s *Service) courier(ctx context.Context, worker string) {
	again := time.NewTicker(pollEvery)
	defer again.Stop()
	for {
		served, err := s.serveOne(ctx, worker)
		if err != nil && ctx.Err() == nil {
			s.o.Logger.WarnContext(ctx, "messages were not handed over", slog.Any("error", err))
		}
		select { // a burst of messages is one look
		case <-ctx.Done():
			return
		case <-time.After(calmFor):
		}
		if served && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		case <-s.wake:
		}
	}
}

// serveOne takes a hook for which something waits and hands over what it can, for a turn.
func (s *Service) serveOne(ctx context.Context, worker string) (served bool, err error) {
	rooms, err := s.o.Store.Watched(ctx)
	if err != nil {
		return false, fmt.Errorf("look for watched rooms: %w", err)
	}
	s.seen.know(rooms)
	if len(rooms) == 0 {
		return false, nil
	}
	now := s.o.Now()
	i, ok, err := s.o.Store.ClaimDue(ctx, worker, now.UnixMilli(), now.Add(claimTime).UnixMilli())
	if err != nil || !ok {
		return false, err
	}
	s.Wake() // another courier may find another hook
	err = s.serve(ctx, i, worker)
	if errors.Is(err, ErrLost) {
		err = nil
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
	defer cancel()
	return true, errors.Join(err, s.o.Store.Release(ending, s.claim(i, worker)))
}

func (s *Service) claim(i model.Integration, worker string) Claim {
	now := s.o.Now()
	return Claim{ID: i.ID, Worker: worker, Now: now.UnixMilli(), Until: now.Add(claimTime).UnixMilli()}
}

func (s *Service) serve(ctx context.Context, i model.Integration, worker string) error {
	end := s.o.Now().Add(turn)
	for _, room := range i.Rooms {
		if room.Closed {
			continue
		}
		for more := true; more; {
			if ctx.Err() != nil || !s.o.Now().Before(end) {
				return nil
			}
			var upTo int64
			var list []Written
			var err error
			if list, upTo, more, err = s.o.Store.ReadRoom(ctx, room.ID, room.AfterSeq, pageSize); err != nil {
				return fmt.Errorf("read a room: %w", err)
			}
			if ok, err := s.handPage(ctx, i, room, worker, list, upTo); err != nil || !ok {
				return err
			}
			more = more && upTo > room.AfterSeq
			room.AfterSeq = upTo
		}
	}
	return nil
}

// handPage hands a page over, one message after the other. ok false: the target failed, or the time is over.
func (s *Service) handPage(
	ctx context.Context, i model.Integration, room model.IntegrationRoom, worker string, list []Written, upTo int64,
) (ok bool, err error) {
	for _, w := range list {
		if w.Bot { // two bots could talk for ever
			continue
		}
		if err := s.hand(ctx, i, room, w); err != nil {
			if ctx.Err() != nil {
				return false, nil
			}
			return false, s.failed(ctx, i, worker, err)
		}
		if err := s.o.Store.HandedOver(ctx, s.claim(i, worker), room.ID, w.Seq); err != nil {
			return false, err
		}
	}
	if upTo == room.AfterSeq || len(list) > 0 && list[len(list)-1].Seq == upTo && !list[len(list)-1].Bot {
		return true, nil
	}
	return true, s.o.Store.SkippedTo(ctx, s.claim(i, worker), room.ID, upTo)
}

// hand posts one message.
func (s *Service) hand(ctx context.Context, i model.Integration, room model.IntegrationRoom, w Written) error {
	event := wire.HookEvent{
		DeliveryID: i.UUID + "-" + strconv.FormatInt(w.ID, 10), Event: wire.HookEventMessage, Company: s.o.Company,
		RoomUUID: room.UUID, RoomName: room.Name, Message: readOf(w),
	}
	body, err := json.Marshal(event)
	if err != nil {
		return fmt.Errorf("encode an event: %w", err)
	}
	at := strconv.FormatInt(s.o.Now().Unix(), 10)
	ctx, cancel := context.WithTimeout(ctx, postTime)
	defer cancel()
	return s.o.Target.Post(ctx, i.URL, map[string]string{
		"Content-Type": "application/json", wire.HookTimestampHeader: at, wire.HookDeliveryHeader: event.DeliveryID,
		wire.HookSignatureHeader: Sign(s.secretOf(i.Kind, i.UUID, i.Generation), at, body),
	}, body)
}

// Sign is what HookSignatureHeader says of a body that was signed at a time, in seconds since 1970, with a hook's secret.
func Sign(secret, at string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(at + "."))
	mac.Write(body)
	return wire.HookSignaturePrefix + hex.EncodeToString(mac.Sum(nil))
}

// failed notes why a target did not take a message, and gives its hook up when that has lasted.
func (s *Service) failed(ctx context.Context, i model.Integration, worker string, cause error) error {
	why, ok := errors.AsType[*PostError](cause)
	if !ok {
		return cause
	}
	now, tries := s.o.Now(), i.Failures+1
	f := Failure{Cause: why.Cause, Status: why.Status, NextTryAt: now.Add(waitAfter(tries)).UnixMilli()}
	lasting := i.FailingSince != 0 && now.Sub(time.UnixMilli(i.FailingSince)) >= GiveUpAfter
	if lasting && tries >= giveUpTries {
		detail := named(i)
		detail["cause"], detail["tries"] = why.Cause, tries
		entry := s.entry(model.Actor{}, model.AuditIntegrationFailed, detail)
		entry.Subject = i.BotUUID
		f.GiveUp = &entry
	}
	if err := s.o.Store.HandingFailed(ctx, s.claim(i, worker), f); err != nil {
		return err
	}
	s.o.Logger.WarnContext(ctx, "a hook's target failed", slog.String("integration_uuid", i.UUID),
		slog.String("cause", string(why.Cause)), slog.Int("status", why.Status), slog.Int("tries", tries), slog.Bool("given_up", f.GiveUp != nil))
	if f.GiveUp != nil {
		s.seen.forget()
		s.o.Changed(ctx)
	}
	return nil
}

// waitAfter is how long a target that failed so often in a row is left alone.
func waitAfter(tries int) time.Duration {
	wait := min(firstWait<<min(tries-1, 16), longWait)
	return wait*3/4 + rand.N(wait/2) //nolint:gosec // jitter, not a secret
}
