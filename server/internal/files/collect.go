package files

import (
	"context"
	"log/slog"
	"time"

	"himsg/server/internal/model"
)

const (
	collectEvery = time.Hour
	keepUnsent   = 24 * time.Hour
	wasteAtOnce  = 200
	day          = 24 * time.Hour
)

// Wake makes the collector look now: a message was deleted.
func (s *Service) Wake() {
	select {
	case s.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// collectAlways removes what nobody will ask for again: every hour, and when it is woken.
func (s *Service) collectAlways(ctx context.Context) {
	hourly := time.NewTicker(collectEvery)
	defer hourly.Stop()
	for {
		s.Collect(ctx)
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-hourly.C:
		}
	}
}

// KeepOrphans removes bytes that belong to nobody, now and once a day, until ctx ends. One node does that: it lists all there is.
func (s *Service) KeepOrphans(ctx context.Context) {
	daily := time.NewTicker(day)
	defer daily.Stop()
	for {
		s.collectOrphans(ctx)
		select {
		case <-ctx.Done():
			return
		case <-daily.C:
		}
	}
}

// Collect removes files that nobody will ask for again, with their bytes. Nodes that do so at once don't disturb each other.
func (s *Service) Collect(ctx context.Context) {
	policy, err := s.o.Store.FilePolicy(ctx)
	for err == nil {
		now := s.now()
		retained := int64(0)
		if policy.RetentionDays > 0 {
			retained = now - int64(policy.RetentionDays)*day.Milliseconds()
		}
		var waste []Waste
		if waste, err = s.o.Store.Waste(ctx, now-keepUnsent.Milliseconds(), retained, wasteAtOnce); err != nil {
			break
		}
		removed := 0
		for _, w := range waste {
			var mine bool
			if mine, err = s.o.Store.Forget(ctx, w, now); err != nil {
				break
			}
			if mine {
				s.RemoveBytes(ctx, w.File)
				s.counts.collected.Add(1)
				removed++
			}
		}
		if removed == 0 {
			break
		}
	}
	if err != nil && ctx.Err() == nil {
		s.o.Logger.WarnContext(ctx, "files that nobody needs were not removed", slog.Any("error", err))
	}
}

// RemoveBytes removes the bytes and thumbnails of a file whose row is gone or refused. What can't be removed now is found by
// its name later.
func (s *Service) RemoveBytes(ctx context.Context, f model.File) {
	ctx, cancel := after(ctx)
	defer cancel()
	for _, part := range []string{partWhole, partSmall, partLarge} {
		if err := s.o.Blobs.Remove(ctx, blobPart(f.Blob, part)); err != nil {
			s.o.Logger.WarnContext(ctx, "bytes of a file were not removed",
				slog.Int64("file_id", f.ID), slog.Any("error", err))
		}
	}
}

// collectOrphans removes bytes that belong to no file: what a crash left between the row and its bytes, and what came after
// a backup that was put back.
func (s *Service) collectOrphans(ctx context.Context) {
	before := s.now() - keepUnsent.Milliseconds()
	var names []string
	err := s.o.Blobs.List(ctx, before, func(name string) error {
		names = append(names, name)
		if len(names) < wasteAtOnce {
			return nil
		}
		err := s.removeOrphans(ctx, names)
		names = names[:0]
		return err
	})
	if err == nil && len(names) > 0 {
		err = s.removeOrphans(ctx, names)
	}
	if err != nil && ctx.Err() == nil {
		s.o.Logger.WarnContext(ctx, "bytes that belong to no file were not looked for", slog.Any("error", err))
	}
}

func (s *Service) removeOrphans(ctx context.Context, names []string) error {
	owners := make([]string, len(names))
	for i, name := range names {
		owners[i] = blobPart(name, partWhole)
	}
	known, err := s.o.Store.Blobs(ctx, owners)
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for _, name := range known {
		kept[name] = true
	}
	for i, name := range names {
		if kept[owners[i]] {
			continue
		}
		if err := s.o.Blobs.Remove(ctx, name); err != nil {
			return err
		}
		s.counts.orphans.Add(1)
	}
	return nil
}
