package files

import (
	"context"

	"himsg/server/internal/model"
)

// What the tests look at from outside.
var (
	CleanName = cleanName
	CheckKind = func(ctx context.Context, extension string, b Blob) error {
		k, ok := kindOf(extension)
		if !ok {
			return contentRefused(nil)
		}
		return k.check(ctx, b)
	}
	Locked = func(ctx context.Context, extension string, b Blob) (bool, error) {
		k, ok := kindOf(extension)
		if !ok {
			return false, contentRefused(nil)
		}
		return locked(ctx, k, b)
	}
)

// AwaitCheck waits until a file is ready or refused.
func (s *Service) AwaitCheck(ctx context.Context, actor model.Actor, f model.File) error {
	_, err := s.awaitCheck(ctx, actor, f)
	return err
}

// CollectOrphans removes bytes that belong to no file.
func (s *Service) CollectOrphans(ctx context.Context) { s.collectOrphans(ctx) }

// LookAgain queues what could not be checked, as the ticker does.
func (s *Service) LookAgain(ctx context.Context) { s.queueUnfinished(ctx, false) }

// AwaitLook waits until a file was looked at and is not being looked at, whatever came of it.
func (s *Service) AwaitLook(f model.File) {
	for {
		looked := s.checks.next(f.ID)
		if s.checks.isAgain(f.ID) {
			return
		}
		<-looked
	}
}
