package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"math"

	"himsg/server/internal/admin"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file stores the deletion of people and reads what their archives hold: admin.Backups.

var _ admin.Backups = (*DB)(nil)

var (
	backupUnknown = errs.Text{KO: "백업을 찾을 수 없습니다.", EN: "There is no such backup."}
	backupRunning = errs.Text{KO: "이미 삭제가 진행 중입니다.", EN: "This person is being deleted already."}
	backupEnded   = errs.Text{KO: "이미 끝난 삭제입니다.", EN: "This deletion has ended already."}
)

// StartBackup implements admin.Backups.
func (db *DB) StartBackup(
	ctx context.Context, actor model.Actor, userUUID string, b model.Backup, entry model.AuditEntry,
) (stored model.Backup, after model.User, ended []string, err error) {
	err = db.write(ctx, "start backup", func(tx *sql.Tx) error {
		stored, ended = b, nil
		if err := lockTree(ctx, tx); err != nil {
			return err
		}
		was, err := db.lockAdministered(ctx, tx, actor, userUUID)
		if err != nil {
			return err
		}
		if err := notBeingDeleted(ctx, tx, was.ID); err != nil {
			return err
		}
		if err := db.notHeld(ctx, tx, was.ID); err != nil {
			return err
		}
		if after, err = db.setState(ctx, tx, was, wire.UserDisabled, entry.At); err != nil {
			return err
		}
		if ended, err = db.endSessions(ctx, tx, was.ID, "", model.AuditEntry{At: entry.At, Action: model.AuditUserDisabled}); err != nil {
			return err
		}
		stored.UserID, stored.UserUUID, stored.Name, stored.State = was.ID, was.UUID, was.Name, wire.BackupRunning
		stored.RequestedBy = actor.UserUUID
		res, err := tx.ExecContext(ctx, `
			insert into backups (backup_uuid, user_id, was_state, name, reason, state, protected, requested_by, requested_at,
				updated_at, expires_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, b.UUID, was.ID, was.State, was.Name, b.Reason, stored.State, b.Protected,
			actor.UserID, b.RequestedAt, b.RequestedAt, b.ExpiresAt)
		if err != nil {
			return err
		}
		if stored.ID, err = res.LastInsertId(); err != nil {
			return err
		}
		told := entry
		told.Subject, told.Detail = was.UUID, b.Reason
		return db.appendAudit(ctx, tx, told)
	})
	return stored, after, ended, err
}

func notBeingDeleted(ctx context.Context, tx *sql.Tx, userID int64) error {
	var running int
	err := tx.QueryRowContext(ctx,
		"select count(*) from backups where user_id = ? and state in ('running', 'verifying')", userID).Scan(&running)
	if err == nil && running > 0 {
		return errs.E(wire.Conflict, wire.ReasonDecided, backupRunning)
	}
	return err
}

// setState keeps a person out, or lets him in, and brings the departments' rooms in step. The transaction began with lockTree.
func (db *DB) setState(
	ctx context.Context, tx *sql.Tx, was model.User, state wire.UserState, now int64,
) (u model.User, err error) {
	u = was
	u.State = state
	// Its lock orders all changes of accounts; who never was in the directory does not come into it.
	if u.Rev, err = nextDirectoryRev(ctx, tx); err != nil {
		return u, err
	}
	if was.Rev == 0 {
		u.Rev = 0
	}
	if err := keepsCompanyOwner(ctx, tx, was, u); err != nil {
		return u, err
	}
	_, err = tx.ExecContext(ctx, "update users set state = ?, rev = ?, updated_at = ? where id = ?", u.State, u.Rev, now, u.ID)
	if err != nil {
		return u, err
	}
	return u, db.followPerson(ctx, tx, now, u)
}

// UserUUID implements admin.Backups.
func (db *DB) UserUUID(ctx context.Context, userID int64) (string, error) {
	u, err := db.Account(ctx, userID)
	return u.UUID, err
}

// BackupRooms implements admin.Backups.
func (db *DB) BackupRooms(ctx context.Context, userID int64) (list []model.BackupRoom, err error) {
	err = db.snapshot(ctx, "rooms to back up", func(q querier) error {
		list, err = collect(ctx, q, func(row scanner) (r model.BackupRoom, err error) {
			var joined, left int64
			var history string
			err = row.Scan(&r.ID, &r.UUID, &r.Kind, &r.Name, &r.UpTo, &history, &joined, &left)
			if history != openHistory {
				r.After = joined
			}
			if left >= 0 {
				r.UpTo = left
			}
			return r, err
		}, `
			select r.id, r.room_uuid, r.kind, r.name, r.last_seq, r.history, m.joined_seq, coalesce(m.left_seq, -1)
			from room_members m
			join rooms r on r.id = m.room_id
			where m.user_id = ?
			order by r.id`, userID)
		for i := range list {
			if err != nil {
				return err
			}
			list[i].Members, err = firstMembers(ctx, q, list[i].ID)
		}
		return err
	})
	return list, err
}

// BackupPage implements admin.Backups.
func (db *DB) BackupPage(ctx context.Context, roomID, after, upTo int64, limit int) (page []model.Message, err error) {
	err = db.snapshot(ctx, "messages to back up", func(q querier) error {
		page, err = db.messages(ctx, q, `where m.room_id = ?
   and m.seq > ?
   and m.seq <= ?
 order by m.seq
 limit ?`, roomID, after, upTo, limit)
		return err
	})
	return page, err
}

// CountMessages implements admin.Backups.
func (db *DB) CountMessages(ctx context.Context, roomID, after, upTo int64) (n int, err error) {
	err = db.read(ctx, "count messages", func(q querier) error {
		return q.QueryRowContext(ctx, "select count(*) from messages where room_id = ? and seq > ? and seq <= ?",
			roomID, after, upTo).Scan(&n)
	})
	return n, err
}

// StoredFile returns a file whose bytes are kept, whoever may see it: for an archive.
func (db *DB) StoredFile(ctx context.Context, fileUUID string) (f model.File, err error) {
	err = db.read(ctx, "stored file", func(q querier) error {
		f, err = scanFile(q.QueryRowContext(ctx, "select "+fileColumns+`
  from files f
 where f.file_uuid = ?
   and f.state = 'ready'`, fileUUID))
		return stillThere(f, noRows(err, textNoFile))
	})
	return f, err
}

func storeBackup(ctx context.Context, tx *sql.Tx, b model.Backup) error {
	_, err := tx.ExecContext(ctx, `
		update backups
		set state = ?, failure = ?, rooms = ?, rooms_done = ?, messages = ?, files = ?, size = ?, sha256 = ?, updated_at = ?,
			finished_at = ?
		where id = ?`, b.State, b.Failure, b.Rooms, b.RoomsDone, b.Messages, b.Files, b.Size, b.SHA256,
		max(b.UpdatedAt, b.FinishedAt), nullInt(b.FinishedAt), b.ID)
	return err
}

// SaveBackup implements admin.Backups.
func (db *DB) SaveBackup(ctx context.Context, b model.Backup) error {
	return db.write(ctx, "save backup", func(tx *sql.Tx) error {
		if _, err := db.lockBackup(ctx, tx, b); err != nil {
			return err
		}
		return storeBackup(ctx, tx, b)
	})
}

// FailBackup implements admin.Backups.
func (db *DB) FailBackup(ctx context.Context, b model.Backup, entry model.AuditEntry) (u model.User, err error) {
	err = db.write(ctx, "fail backup", func(tx *sql.Tx) error {
		if err := lockTree(ctx, tx); err != nil {
			return err
		}
		if u, err = db.lockAccount(ctx, tx, b.UserID); err != nil {
			return err
		}
		was, err := db.lockBackup(ctx, tx, b)
		if err != nil {
			return err
		}
		if u.State == wire.UserDisabled && was != u.State { // nobody has let him in meanwhile
			if u, err = db.setState(ctx, tx, u, was, entry.At); err != nil {
				return err
			}
		}
		if err := storeBackup(ctx, tx, b); err != nil {
			return err
		}
		told := entry
		told.Subject = u.UUID
		return db.appendAudit(ctx, tx, told)
	})
	return u, err
}

// lockBackup locks a deletion that is under way and returns what the person's account was; conflict for one that has ended.
func (db *DB) lockBackup(ctx context.Context, tx *sql.Tx, b model.Backup) (was wire.UserState, err error) {
	var state wire.BackupState
	row := tx.QueryRowContext(ctx, "select state, was_state from backups where id = ?"+db.d.forUpdate, b.ID)
	if err := row.Scan(&state, &was); err != nil {
		return was, noRows(err, backupUnknown)
	}
	if state != wire.BackupRunning && state != wire.BackupVerifying {
		return was, errs.E(wire.Conflict, wire.ReasonDecided, backupEnded)
	}
	if was == "" { // it began before this was kept
		was = wire.UserDisabled
	}
	return was, nil
}

const backupColumns = `b.id, b.backup_uuid, b.user_id, u.user_uuid, b.name, b.reason, b.state, b.failure, b.protected, b.rooms, b.rooms_done,
	b.messages, b.files, b.size, b.sha256, coalesce(p.user_uuid, ''), b.requested_at, b.updated_at, coalesce(b.finished_at, 0),
	b.expires_at`

const backupTables = ` from backups b join users u on u.id = b.user_id left join users p on p.id = b.requested_by `

func scanBackup(row scanner) (b model.Backup, err error) {
	err = row.Scan(&b.ID, &b.UUID, &b.UserID, &b.UserUUID, &b.Name, &b.Reason, &b.State, &b.Failure, &b.Protected, &b.Rooms,
		&b.RoomsDone, &b.Messages, &b.Files, &b.Size, &b.SHA256, &b.RequestedBy, &b.RequestedAt, &b.UpdatedAt, &b.FinishedAt,
		&b.ExpiresAt)
	return b, noRows(err, backupUnknown)
}

// Backups implements admin.Backups.
func (db *DB) Backups(ctx context.Context, before int64, limit int) (list []model.Backup, err error) {
	err = db.read(ctx, "backups", func(q querier) error {
		list, err = collect(ctx, q, scanBackup, "select "+backupColumns+backupTables+"where b.id < ? order by b.id desc limit ?",
			cmp.Or(before, math.MaxInt64), limit)
		return err
	})
	return list, err
}

// ExpiredBackups implements admin.Backups.
func (db *DB) ExpiredBackups(ctx context.Context, now int64) (list []model.Backup, err error) {
	err = db.read(ctx, "expired backups", func(q querier) error {
		list, err = collect(ctx, q, scanBackup,
			"select "+backupColumns+backupTables+"where b.state = 'done' and b.expires_at <= ? order by b.id", now)
		return err
	})
	return list, err
}

// Backup implements admin.Backups.
func (db *DB) Backup(ctx context.Context, backupUUID string) (b model.Backup, err error) {
	err = db.read(ctx, "backup", func(q querier) error {
		b, err = scanBackup(q.QueryRowContext(ctx, "select "+backupColumns+backupTables+"where b.backup_uuid = ?", backupUUID))
		return err
	})
	return b, err
}

// ExpireBackup implements admin.Backups.
func (db *DB) ExpireBackup(ctx context.Context, b model.Backup, entry model.AuditEntry) error {
	return db.write(ctx, "expire backup", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "update backups set state = 'expired', name = '' where id = ? and state = 'done'", b.ID)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err // another node was first
		}
		return db.appendAudit(ctx, tx, entry)
	})
}

// UnfinishedBackups implements admin.Backups.
func (db *DB) UnfinishedBackups(ctx context.Context) (list []model.Backup, err error) {
	err = db.read(ctx, "unfinished backups", func(q querier) error {
		list, err = collect(ctx, q, scanBackup,
			"select "+backupColumns+backupTables+"where b.state in ('running', 'verifying') order by b.id")
		return err
	})
	return list, err
}
