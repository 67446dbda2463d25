package sqlstore

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// This file keeps the head of the audit chain outside the database: which entry was the last, signed. Who cuts the chain's end
// off and mends the counter too is found by it, as long as he can't replace the file with one that has a good signature.

// auditHeadFile lies in the data directory.
const auditHeadFile = "audit.head"

// auditHead is the last entry of the chain at some time.
type auditHead struct {
	Entries int64  `json:"entries"`
	ID      int64  `json:"id"`
	Hash    string `json:"hash"`
	MAC     string `json:"mac"`
}

func (h auditHead) mac(key []byte) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "audit head %d %d %s", h.Entries, h.ID, h.Hash)
	return hex.EncodeToString(mac.Sum(nil))
}

var (
	errHeadChanged = errors.New("the signature of " + auditHeadFile + " is wrong: the file was changed")
	errHeadMissing = errors.New("the last entry that was signed is not in the chain")
)

// readAuditHead returns the head that was written last; a zero one if there is none.
func (db *DB) readAuditHead() (h auditHead, err error) {
	text, err := os.ReadFile(filepath.Join(db.dir, auditHeadFile))
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	if json.Unmarshal(text, &h) != nil || !hmac.Equal([]byte(h.mac(db.headKey())), []byte(h.MAC)) {
		return auditHead{}, errHeadChanged
	}
	return h, nil
}

func (db *DB) headKey() []byte {
	if db.auditKey2 != nil {
		return db.auditKey2
	}
	return db.auditKey
}

// AuditGrown receives when entries were added since the last WriteAuditHead.
func (db *DB) AuditGrown() <-chan struct{} { return db.auditGrown }

// noteAudit is called after a commit that may have added an entry.
func (db *DB) noteAudit() {
	select {
	case db.auditGrown <- struct{}{}:
	default:
	}
}

// WriteAuditHead signs the chain's last entry into audit.head and logs it, so that it is also where the log is sent to. A head
// that names an entry which the chain does not have stays as it is, for it is the proof.
func (db *DB) WriteAuditHead(ctx context.Context) error {
	last, err := db.readAuditHead()
	if err != nil {
		return err
	}
	var h auditHead
	err = db.snapshot(ctx, "audit head", func(q querier) error {
		h = auditHead{}
		if last.ID != 0 {
			var hash string
			err := q.QueryRowContext(ctx, "select hash from audit where id = ?", last.ID).Scan(&hash)
			if errors.Is(err, sql.ErrNoRows) || err == nil && hash != last.Hash {
				return fmt.Errorf("entry %d: %w", last.ID, errHeadMissing)
			}
			if err != nil {
				return err
			}
		}
		err := q.QueryRowContext(ctx, "select id, hash from audit order by id desc limit 1").Scan(&h.ID, &h.Hash)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return q.QueryRowContext(ctx, "select value from counters where name = ?", auditCounter).Scan(&h.Entries)
	})
	if err != nil || h.ID == 0 || h.ID == last.ID {
		return err
	}
	h.MAC = h.mac(db.headKey())
	if err := writeFile(filepath.Join(db.dir, auditHeadFile), h); err != nil {
		return fmt.Errorf("write %s: %w", auditHeadFile, err)
	}
	if last.ID == 0 && h.Entries > 1 {
		db.log.WarnContext(ctx, auditHeadFile+" was not there: compare this head with the one before it in the log, audit verify --head")
	}
	db.log.InfoContext(ctx, "audit head", slog.Int64("entries", h.Entries), slog.Int64("entry", h.ID),
		slog.String("hash", h.Hash), slog.String("mac", h.MAC))
	return nil
}

// writeFile replaces a file in one step.
func writeFile(path string, h auditHead) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".audit-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(append(bytes.TrimSpace(text), '\n'))
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

const headWait = 2 * time.Second // for the last head, when a database is closed

// lastHead writes the head if entries were added since the last one; that it could not is only logged.
func (db *DB) lastHead(ctx context.Context) {
	select {
	case <-db.auditGrown:
	default:
		return
	}
	ctx, cancel := context.WithTimeout(ctx, headWait)
	defer cancel()
	if err := db.WriteAuditHead(ctx); err != nil {
		db.log.WarnContext(ctx, "the audit's head was not written", slog.Any("error", err))
	}
}
