package sqlstore

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Indexer keeps the search index up with the messages, of this node and of others. A room's messages are indexed in the
// order of their revs, so that new, edited and deleted ones are the same: search_progress holds how far a room has come.
// Each node has an index of its own. Processes with the same data directory share one; who comes second to a part of a room
// finds it done.
type Indexer struct {
	db      *DB
	log     *slog.Logger
	woken   chan struct{}
	stop    context.CancelFunc
	running sync.WaitGroup

	since    int64 // rooms that changed before are known to be done
	unlogged int   // messages since the log last spoke of a long way
	failing  bool  // the log has told of a failure
}

const (
	lookEvery    = 3 * time.Second        // for what other nodes stored
	gatherFor    = 300 * time.Millisecond // after a message came: many go together
	lookAllEvery = 10 * time.Minute       // also at rooms that were done, whatever the nodes' clocks say
	indexRetry   = 15 * time.Second       // after a failure
	lateChange   = 60_000                 // ms by which a change may come to light after others that it precedes
	roomsPerLook = 200
	logEvery     = 50_000 // messages
)

// StartIndexer begins; Close ends it.
func StartIndexer(db *DB) *Indexer {
	ctx, stop := context.WithCancel(context.Background())
	x := &Indexer{db: db, log: db.log, woken: make(chan struct{}, 1), stop: stop}
	x.running.Go(func() { x.run(ctx) })
	return x
}

// Wake tells that something was stored. It never blocks.
func (x *Indexer) Wake() {
	select {
	case x.woken <- struct{}{}:
	default: // it looks soon anyway
	}
}

// Close ends the work, after the part under way, and waits for that. What was not reached is indexed after the next start.
func (x *Indexer) Close() {
	x.stop()
	x.running.Wait()
}

func (x *Indexer) run(ctx context.Context) {
	all := time.NewTicker(lookAllEvery)
	defer all.Stop()
	for ctx.Err() == nil {
		wait := lookEvery
		if x.try(ctx) != nil {
			wait = indexRetry
		}
		again := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-again.C:
		case <-all.C:
			x.since = 0
		case <-x.woken:
			again.Reset(gatherFor)
			select {
			case <-ctx.Done():
			case <-again.C:
			}
		}
		again.Stop()
	}
}

// try is catchUp, and the log tells how it went.
func (x *Indexer) try(ctx context.Context) error {
	err := x.catchUp(ctx)
	x.logFailure(ctx, err)
	return err
}

// catchUp indexes until no room is behind. Those that changed last come first, each with one part at a time, so that
// what is written now is found soon even while a long history is being indexed.
func (x *Indexer) catchUp(ctx context.Context) error {
	if err := x.renew(ctx); err != nil {
		return err
	}
	for {
		newest, err := x.db.newestChange(ctx)
		if err != nil {
			return err
		}
		behind, err := x.db.roomsBehind(ctx, x.since, roomsPerLook)
		if err != nil {
			return err
		}
		x.db.indexing.behind.Store(int64(len(behind)))
		if len(behind) == 0 {
			x.since = max(x.since, newest-lateChange)
			x.logEnd(ctx)
			return nil
		}
		for len(behind) > 0 {
			rooms, err := x.next(ctx, behind)
			if err != nil {
				return err
			}
			behind = behind[rooms:]
		}
	}
}

// renew makes a damaged index anew, and all of it is to be indexed.
func (x *Indexer) renew(ctx context.Context) error {
	if !x.db.index.damaged.Load() {
		return nil
	}
	if err := x.db.index.renew(ctx); err != nil {
		return fmt.Errorf("make the damaged index anew: %w", err)
	}
	x.db.index.damaged.Store(false)
	x.log.WarnContext(ctx, "search index was damaged, it is being made anew", slog.String("file", x.db.index.path))
	x.since = 0
	return nil
}

// next indexes a part of the first rooms, and then rests as long as that took if people are writing: they come first. It
// returns how many rooms those were.
func (x *Indexer) next(ctx context.Context, behind []roomBehind) (int, error) {
	before, began := x.db.appends.items.Load(), now()
	rooms, n, err := x.db.indexNext(ctx, behind)
	if err != nil {
		return 0, fmt.Errorf("index room %d and others: %w", behind[0].id, err)
	}
	x.db.indexing.messages.Add(int64(n))
	if x.unlogged += n; x.unlogged >= logEvery {
		x.unlogged -= logEvery
		x.log.InfoContext(ctx, "search index is catching up",
			slog.Int64("messages", x.db.indexing.messages.Load()), slog.Int64("rooms_behind", x.db.indexing.behind.Load()))
		x.db.indexing.long.Store(true)
	}
	if x.db.appends.items.Load() == before {
		return rooms, ctx.Err()
	}
	rest := time.NewTimer(now().Sub(began))
	defer rest.Stop()
	select {
	case <-ctx.Done():
		return rooms, ctx.Err()
	case <-rest.C:
		return rooms, nil
	}
}

// logFailure says that the index is not kept up, once until it is again.
func (x *Indexer) logFailure(ctx context.Context, err error) {
	if failed := err != nil; failed == x.failing || ctx.Err() != nil {
		return
	}
	if x.failing = !x.failing; x.failing {
		x.log.WarnContext(ctx, "search index is not kept up, trying again", slog.Any("error", err))
		return
	}
	x.log.InfoContext(ctx, "search index is kept up again")
}

// logEnd says that a way is done whose beginning was logged.
func (x *Indexer) logEnd(ctx context.Context) {
	x.unlogged = 0
	if x.db.indexing.long.Swap(false) {
		x.log.InfoContext(ctx, "search index is up to date", slog.Int64("messages", x.db.indexing.messages.Load()))
	}
}

// indexing are the figures of the index.
type indexing struct {
	messages atomic.Int64 // indexed since Open
	behind   atomic.Int64 // rooms, at the last look; no more than roomsPerLook
	long     atomic.Bool  // the log has told of a long way
}

// CatchUp indexes everything that is stored now and returns how many messages that were. Tools and tests use it; a
// server's Indexer does so by itself.
func (db *DB) CatchUp(ctx context.Context) (int, error) {
	x := &Indexer{db: db, log: db.log}
	before := db.indexing.messages.Load()
	err := x.catchUp(ctx)
	return int(db.indexing.messages.Load() - before), err
}
