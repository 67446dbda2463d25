package sqlstore

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"

	"github.com/ncruces/go-sqlite3"
)

// SQLite's journal is taken into the file when it has so many pages: beside the writer as soon as that is worth its while,
// and by the writer itself, as SQLite would have it, when it has grown nevertheless. Done by the writer alone it held up
// whoever wrote at that moment by 10 to 50 ms, which were all of the slowest hundredth.
const (
	checkpointAt      = 1000
	checkpointHeldAt  = 4000
	checkpointPragmas = "pragma wal_autocheckpoint=0;" // of the connection beside the writer, which writes nothing
)

// checkpointer takes the journal into the file beside the writer.
type checkpointer struct {
	pool    *sql.DB // one connection
	grown   chan struct{}
	stop    context.CancelFunc
	running sync.WaitGroup
}

func newCheckpointer() *checkpointer { return &checkpointer{grown: make(chan struct{}, 1)} }

// watch has the writer's connection tell when the journal has grown.
func (k *checkpointer) watch(c *sqlite3.Conn) {
	c.WALHook(func(c *sqlite3.Conn, schema string, pages int) error {
		if pages >= checkpointAt {
			select {
			case k.grown <- struct{}{}:
			default: // it knows
			}
		}
		if pages >= checkpointHeldAt {
			// What is committed is committed: that it stays in the journal for now is no failure of its own.
			_, _, _ = c.WALCheckpoint(schema, sqlite3.CHECKPOINT_PASSIVE)
		}
		return nil
	})
}

// start begins; close ends it. The file exists and is at work.
func (k *checkpointer) start(ctx context.Context, db *DB) {
	ctx, k.stop = context.WithCancel(ctx)
	k.running.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-k.grown:
			}
			if db.isBroken() { // what it reads may not be on the disk
				continue
			}
			if _, err := k.pool.ExecContext(ctx, "pragma wal_checkpoint(passive)"); err != nil && ctx.Err() == nil {
				db.noteDisk(err)
				db.log.WarnContext(ctx, "the journal stays as it is for now", slog.Any("error", err))
			}
		}
	})
}

func (k *checkpointer) close() error {
	if k.stop != nil {
		k.stop()
	}
	k.running.Wait()
	return k.pool.Close()
}
