package admin

import (
	"context"
	"fmt"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Figures counts. Nothing of it reads what anybody wrote.
type Figures interface {
	// Statistics fills in all but At, Online and the kinds of files: hours from from on, slots of five minutes from slots on (milliseconds both).
	// Messages beyond a bounded number that nobody has counted yet are left out; Counting says so once that is no matter of minutes.
	Statistics(ctx context.Context, now, from, slots int64) (wire.Statistics, error)
	// FileKinds counts what the largest kinds of files take. It reads an index of all files.
	FileKinds(ctx context.Context) ([]wire.StoredKind, error)
	FileUsage(ctx context.Context) (bytes, files int64, err error)
	// CountWritten adds the next messages that are older than before to the hours in which they were written; more says
	// that there are further ones.
	CountWritten(ctx context.Context, before int64) (more bool, err error)
	// NoteOnline keeps the most people whom a node saw in a slot, and forgets slots before oldest.
	NoteOnline(ctx context.Context, node string, slot, oldest int64, people int) error
}

// Online is who is there now; presence.Tracker implements it.
type Online interface {
	Counts() map[wire.PresenceState]int
	// Here is how many of them this node counts: the sum over all nodes is everybody once.
	Here() int
}

const (
	slotTime  = 5 * time.Minute
	slotsKept = 36 * time.Hour
	// settled is after which time no transaction can still store a message of that age, whatever node's clock wrote it.
	settled = time.Minute
)

var tooManyDays = errs.Text{KO: "1일에서 31일까지 볼 수 있습니다.", EN: "From 1 to 31 days can be asked for."}

// Statistics counts what the last days (1 to wire.StatisticsDays) brought. wire.Forbidden for who is neither administrator nor
// auditor.
func (s *Service) Statistics(ctx context.Context, actor model.Actor, days int) (wire.Statistics, error) {
	if err := mayReadAudit(actor); err != nil {
		return wire.Statistics{}, err
	}
	if days < 1 || days > wire.StatisticsDays {
		return wire.Statistics{}, errs.BadField("days", tooManyDays)
	}
	now := s.o.Now()
	// A day more, since the reader's first day begins in another hour than the server's; and a week, to compare with.
	from := now.Add(-time.Duration(days+1+7) * 24 * time.Hour)
	stats, err := s.o.Figures.Statistics(ctx, now.UnixMilli(), from.UnixMilli(), now.Add(-slotsKept).UnixMilli())
	if err != nil {
		return stats, fmt.Errorf("read statistics: %w", err)
	}
	known, err := s.kindsOf(ctx, &stats.Storage)
	if err != nil {
		return stats, err
	}
	if !known {
		if stats.Counting == nil {
			stats.Counting = &wire.Counting{}
		}
		stats.Counting.Kinds = true
	}
	stats.At = wire.TimeOf(now)
	counts := s.o.Online.Counts()
	stats.Online.Active, stats.Online.Away, stats.Online.DND =
		counts[wire.PresenceActive], counts[wire.PresenceAway], counts[wire.PresenceDND]
	return stats, nil
}

// Health tells how the server is. wire.Forbidden for who is no administrator.
func (s *Service) Health(ctx context.Context, actor model.Actor) (wire.Health, error) {
	if err := mustBeAdmin(actor, mayNotList); err != nil {
		return wire.Health{}, err
	}
	return s.o.Vitals(ctx), nil
}

// Count brings the figures up to date: what was written, and how many are there. Its caller runs it every minute on every node;
// a repeat, and being killed in between, are harmless. node is a name that stays over restarts.
func (s *Service) Count(ctx context.Context, node string) error {
	now := s.o.Now()
	oldest := slotOf(now.Add(-(wire.StatisticsDays + 1) * 24 * time.Hour))
	if err := s.o.Figures.NoteOnline(ctx, node, slotOf(now), oldest, s.o.Online.Here()); err != nil {
		return fmt.Errorf("note who is there: %w", err)
	}
	if err := s.countKinds(ctx); err != nil { // before the messages, which may take minutes after an upgrade
		return err
	}
	for more := true; more; {
		var err error
		began := s.o.Now()
		if more, err = s.o.Figures.CountWritten(ctx, now.Add(-settled).UnixMilli()); err != nil {
			return fmt.Errorf("count messages: %w", err)
		}
		if more {
			s.rest(ctx, began)
		}
	}
	return nil
}

// rest waits as long as the work since then took: people come first.
func (s *Service) rest(ctx context.Context, since time.Time) {
	wait := time.NewTimer(min(s.o.Now().Sub(since), time.Second))
	defer wait.Stop()
	select {
	case <-ctx.Done():
	case <-wait.C:
	}
}

func slotOf(t time.Time) int64 { return t.UnixMilli() / slotTime.Milliseconds() }
