package founding

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/internal/sqlstore"
)

// Index lets the search index catch up with all messages, as the server would by and by, and returns how long that took and what
// the index takes on the disk. The server must not run.
func Index(ctx context.Context, data *rig.Data) (took time.Duration, bytes int64, err error) {
	db, err := sqlstore.Open(ctx, sqlstore.Options{
		Dir: data.ServerDir(), URL: data.URL(), AuditKey: []byte("bench only, no secret of anybody"),
	})
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	started := rig.Now()
	if _, err := db.CatchUp(ctx); err != nil {
		return 0, 0, err
	}
	took = rig.Now().Sub(started)
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(filepath.Join(data.ServerDir(), "himsg-search.db"+suffix))
		if err != nil {
			return 0, 0, fmt.Errorf("size of the index: %w", err)
		}
		bytes += info.Size()
	}
	return took, bytes, nil
}
