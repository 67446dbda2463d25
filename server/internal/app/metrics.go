package app

import (
	"context"
	"sync/atomic"
	"time"

	"himsg/server/internal/config"
	"himsg/server/internal/hub"
	"himsg/server/internal/ops"
	"himsg/server/internal/sqlstore"
)

// hubCounts implements hub.Metrics.
type hubCounts struct {
	opened, closed, delivered, overflowed, repaired atomic.Int64
}

// SessionOpened implements hub.Metrics.
func (c *hubCounts) SessionOpened() { c.opened.Add(1) }

// SessionClosed implements hub.Metrics.
func (c *hubCounts) SessionClosed() { c.closed.Add(1) }

// Delivered implements hub.Metrics.
func (c *hubCounts) Delivered(n int) { c.delivered.Add(int64(n)) }

// Overflowed implements hub.Metrics.
func (c *hubCounts) Overflowed() { c.overflowed.Add(1) }

// Repaired implements hub.Metrics.
func (c *hubCounts) Repaired() { c.repaired.Add(1) }

var _ hub.Metrics = (*hubCounts)(nil)

// measureAll adds what the parts of a server count.
func (a *App) measureAll(counts *hubCounts) {
	measure(a.metrics, counts, a.data.DB)
	measureFiles(a.metrics, a.files)
	measureHouse(a.metrics, a.data.DB, a.o.Config)
	measureNodes(a.metrics, a.nats)
}

// measure adds the figures of hub and database to the metrics; they are read when Prometheus asks.
func measure(m *ops.Metrics, c *hubCounts, db *sqlstore.DB) {
	read := func(n *atomic.Int64) func() float64 { return func() float64 { return float64(n.Load()) } }
	m.Gauge("ws_sessions", "Live WebSocket sessions.", func() float64 {
		return float64(c.opened.Load() - c.closed.Load())
	})
	m.Counter("ws_sessions_total", "WebSocket sessions since the start.", read(&c.opened))
	m.Counter("ws_events_total", "Events put on sessions' queues.", read(&c.delivered))
	m.Counter("ws_overflows_total", "Sessions whose queue was full and was dropped.", read(&c.overflowed))
	m.Counter("hub_repairs_total", "Rooms brought up to date from the database.", read(&c.repaired))

	stat := func(pick func(sqlstore.Stats) float64) func() float64 {
		return func() float64 { return pick(db.Stats()) }
	}
	m.Counter("appends_total", "Messages handed to the database.",
		stat(func(s sqlstore.Stats) float64 { return float64(s.Appends) }))
	m.Counter("append_batches_total", "Transactions that stored them.",
		stat(func(s sqlstore.Stats) float64 { return float64(s.AppendBatches) }))
	m.Gauge("append_queue", "Messages that wait for a transaction.",
		stat(func(s sqlstore.Stats) float64 { return float64(s.AppendQueue) }))
	m.Counter("marks_total", "Read marks handed to the database.",
		stat(func(s sqlstore.Stats) float64 { return float64(s.Marks) }))
	m.Counter("mark_batches_total", "Transactions that stored them.",
		stat(func(s sqlstore.Stats) float64 { return float64(s.MarkBatches) }))
	m.Gauge("mark_queue", "Read marks that wait for a transaction.",
		stat(func(s sqlstore.Stats) float64 { return float64(s.MarkQueue) }))
	m.Counter("search_indexed_total", "Messages put into the search index, renewed there or taken out.",
		stat(func(s sqlstore.Stats) float64 { return float64(s.Indexed) }))
	m.Gauge("search_rooms_behind", "Rooms with messages that wait for the search index.",
		stat(func(s sqlstore.Stats) float64 { return float64(s.RoomsBehind) }))
	m.Gauge("database_writers", "Database connections that write now.",
		stat(func(s sqlstore.Stats) float64 { return float64(s.Writers) }))
	m.Gauge("database_readers", "Database connections that read now.",
		stat(func(s sqlstore.Stats) float64 { return float64(s.Readers) }))
}

// scrapeTime bounds a question to the database while Prometheus waits.
const scrapeTime = 2 * time.Second

// measureHouse adds what an alert looks at besides the server's work: room on disks, the last backup.
func measureHouse(m *ops.Metrics, db *sqlstore.DB, c config.Serve) {
	free := func(dir string) func() float64 {
		return func() float64 {
			n, _, err := ops.FreeDisk(dir)
			if err != nil {
				return -1
			}
			return float64(n)
		}
	}
	m.Gauge("data_free_bytes", "Bytes that are free where the data is; -1 when that is not known.", free(c.Data))
	if !inBucket(c.Store) {
		m.Gauge("files_free_bytes", "Bytes that are free where files are; -1 when that is not known.", free(filesDir(c.Store)))
	}
	m.Gauge("last_backup_seconds", "When the last backup was made by the audit, as Unix time; 0: never, -1 when that is not known.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
		defer cancel()
		at, err := db.LastBackup(ctx)
		switch {
		case err != nil:
			return -1
		case at.IsZero():
			return 0
		}
		return float64(at.Unix())
	})
	m.Gauge("database_up", "1 when the database answers.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
		defer cancel()
		if db.Ping(ctx) != nil {
			return 0
		}
		return 1
	})
}
