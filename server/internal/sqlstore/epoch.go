package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// epochCounter is the row of counters that names the history which all seqs, revisions and ids belong to (wire.Welcome). No
// row is 0: no backup was ever restored.
const epochCounter = "epoch"

// errEpochBack: an epoch that some app has seen before would make it keep what it holds.
var errEpochBack = errors.New("the epoch can't go back")

// Epoch is the name of the history that the numbers of this database belong to.
func (db *DB) Epoch(ctx context.Context) (epoch int64, err error) {
	err = db.read(ctx, "epoch", func(q querier) error {
		return q.QueryRowContext(ctx, "select coalesce(max(value), 0) from counters where name = ?", epochCounter).Scan(&epoch)
	})
	return epoch, err
}

// SetEpoch says that the numbers of this database belong to another history from now on: a backup was restored into it, at
// value in milliseconds. It refuses one below the present one; a repeat is harmless. Servers read it when they start.
func (db *DB) SetEpoch(ctx context.Context, value int64) error {
	return db.write(ctx, "set epoch", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "insert into counters (name, value) values (?, ?)"+
			db.d.upsert("name", "value = "+db.d.greatest+"(counters.value, "+db.d.fresh("value")+")"), epochCounter, value)
		if err != nil {
			return err
		}
		var now int64
		if err := tx.QueryRowContext(ctx, "select value from counters where name = ?", epochCounter).Scan(&now); err != nil {
			return err
		}
		if value < now {
			return fmt.Errorf("%w: from %d to %d", errEpochBack, now, value)
		}
		return nil
	})
}
