package sqlstore

import (
	"errors"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"himsg/server/internal/errs"
)

// ErrDisk is why a database is broken: the system could not bring to the disk what was written, and it says so only once
// (https://wiki.postgresql.org/wiki/Fsync_Errors). What of it is there shows only when the file is read anew, after a
// restart, so this process must acknowledge nothing more.
var ErrDisk = errors.New("the disk failed: what was written may not be on it")

// breakage is how a database is broken, once and for all. Only SQLite's can be: MariaDB ends by itself then.
type breakage struct {
	once sync.Once
	done chan struct{} // closed when it is
	err  error         // set before
}

// Broken is closed when the database can't be trusted any more; see ErrDisk. From then on every write is wire.Unavailable.
func (db *DB) Broken() <-chan struct{} { return db.broken.done }

// Cause is why, once Broken is closed.
func (db *DB) Cause() error {
	<-db.broken.done
	return db.broken.err
}

func (db *DB) isBroken() bool {
	select {
	case <-db.broken.done:
		return true
	default:
		return false
	}
}

// refuseBroken is what a write gets from a broken database, nil from a sound one.
func (db *DB) refuseBroken() error {
	if db.isBroken() {
		return errs.Unavailable(busyRetry, db.broken.err)
	}
	return nil
}

// noteDisk looks whether err, of a transaction, means that the disk failed.
func (db *DB) noteDisk(err error) {
	if errors.Is(err, sqlite3.IOERR_FSYNC) || errors.Is(err, sqlite3.IOERR_DIR_FSYNC) {
		db.broken.once.Do(func() {
			db.broken.err = errors.Join(ErrDisk, err)
			close(db.broken.done)
		})
	}
}
