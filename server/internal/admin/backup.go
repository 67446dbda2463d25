package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Backups stores who is deleted, and his archive's state. Each method is one transaction, its audit entry included.
type Backups interface {
	// StartBackup stores the job and keeps the person out: he is disabled and his sessions end. It returns him as he is now, and
	// the sessions. Refusals: not_found; forbidden (oneself, rank); conflict (last_owner; a job of his that is running).
	StartBackup(ctx context.Context, actor model.Actor, userUUID string, b model.Backup, entry model.AuditEntry) (
		stored model.Backup, u model.User, ended []string, err error)
	UserUUID(ctx context.Context, userID int64) (string, error)
	BackupRooms(ctx context.Context, userID int64) ([]model.BackupRoom, error)
	// BackupPage returns messages of a room in the order of seq: those after a seq, up to another.
	BackupPage(ctx context.Context, roomID, after, upTo int64, limit int) ([]model.Message, error)
	CountMessages(ctx context.Context, roomID, after, upTo int64) (int, error)
	AccountsByUUID(ctx context.Context, uuids []string) ([]model.User, error)
	// SaveBackup notes how far a job is. Like the next two it returns conflict (decided) for one that has ended.
	SaveBackup(ctx context.Context, b model.Backup) error
	// FailBackup ends the job and lets the person in again if he was in before, and nobody decided otherwise since.
	FailBackup(ctx context.Context, b model.Backup, entry model.AuditEntry) (model.User, error)
	// RemovePerson ends the job and erases the person: what only he saw, what is personal, his seats and offices. It returns
	// the rooms that he left.
	RemovePerson(ctx context.Context, b model.Backup, entry model.AuditEntry) (u model.User, left []model.RoomChange, err error)
	// Backups returns those with a lower id than before (0: all), the newest first.
	Backups(ctx context.Context, before int64, limit int) ([]model.Backup, error)
	// ExpiredBackups returns archives whose time is over.
	ExpiredBackups(ctx context.Context, now int64) ([]model.Backup, error)
	Backup(ctx context.Context, backupUUID string) (model.Backup, error)
	// ExpireBackup erases what the list says of an archive whose bytes are gone.
	ExpireBackup(ctx context.Context, b model.Backup, entry model.AuditEntry) error
	// UnfinishedBackups returns the jobs that run, here or elsewhere, or did when their server stopped.
	UnfinishedBackups(ctx context.Context) ([]model.Backup, error)
}

// Rooms tells the members of a room of a change that was stored.
type Rooms interface {
	Announce(ctx context.Context, c model.RoomChange)
}

// Files opens the bytes of a file; not_found if they are gone.
type Files interface {
	OpenFile(ctx context.Context, fileUUID string) (io.ReadCloser, model.File, error)
}

// DeleteOrder is what an administrator asks for.
type DeleteOrder struct {
	UserUUID   string
	Reason     string
	ExpiresAt  int64  // of the archive; 0: after DefaultKeep
	Passphrase string // may be empty
	Recipient  string // a further age public key; may be empty
}

// DefaultKeep is how long an archive is kept if nothing else was said, and MaxKeep the longest.
const (
	DefaultKeep = 90 * 24 * time.Hour
	MaxKeep     = 10 * 365 * 24 * time.Hour
	minPhrase   = 8
)

var (
	reasonMissing = errs.Text{KO: "사유를 입력해주세요.", EN: "Please give a reason."}
	badExpiry     = errs.Text{KO: "보관 기한이 올바르지 않습니다.", EN: "This is not a time until when to keep it."}
	badPhrase     = errs.Text{KO: "암호는 8자 이상이어야 합니다.", EN: "A passphrase needs at least 8 characters."}
	fetchOnly     = errs.Text{KO: "소유자와 감사자만 받을 수 있습니다.", EN: "Only owners and auditors may have it."}
	fetchSecond   = errs.Text{KO: "삭제를 요청한 사람이 아닌 소유자나 감사자만 받을 수 있습니다.", EN: "An owner or auditor who did not order the deletion has to fetch it."}
	noBackup      = errs.Text{KO: "백업을 찾을 수 없습니다.", EN: "There is no such backup."}
)

// DeletePerson begins to delete a person: all his conversations are written into an encrypted archive, which is opened again and
// compared with the database, and only then he is removed. It returns at once; Backup tells how far it is, Wait waits for it. He
// can't come in meanwhile. When anything fails, nothing is deleted and he is let in again.
func (s *Service) DeletePerson(ctx context.Context, actor model.Actor, order DeleteOrder) (model.Backup, error) {
	if err := mustBeAdmin(actor, mayNotDelete); err != nil {
		return model.Backup{}, err
	}
	keys, b, err := s.prepare(order)
	if err != nil {
		return b, err
	}
	entry := s.entry(actor, model.AuditDeleteRequested)
	b, u, ended, err := s.o.Backups.StartBackup(ctx, actor, order.UserUUID, b, entry)
	if err != nil {
		return b, fmt.Errorf("start backup: %w", err)
	}
	s.jobs.start(b.UUID, func(ctx context.Context) { s.runBackup(ctx, job{b: b, u: u, actor: actor, keys: keys}) }) //nolint:contextcheck // the job outlives the request
	s.o.Revoke(ctx, ended, wire.ReasonDisabled)
	s.userChanged(ctx, u)
	return b, nil
}

var mayNotDelete = errs.Text{KO: "관리자만 삭제할 수 있습니다.", EN: "Only administrators may delete."}

// prepare checks an order.
func (s *Service) prepare(o DeleteOrder) (keys ArchiveKeys, b model.Backup, err error) {
	now := s.o.Now()
	b = model.Backup{UUID: uuid.NewString(), RequestedAt: now.UnixMilli(), ExpiresAt: o.ExpiresAt, Protected: o.Passphrase != ""}
	if b.Reason, err = model.Line("reason", o.Reason, wire.MaxFieldRunes, false); err != nil {
		return keys, b, err
	}
	if b.ExpiresAt == 0 {
		b.ExpiresAt = now.Add(DefaultKeep).UnixMilli()
	}
	switch {
	case b.Reason == "":
		return keys, b, errs.BadField("reason", reasonMissing)
	case b.ExpiresAt <= b.RequestedAt || b.ExpiresAt > now.Add(MaxKeep).UnixMilli():
		return keys, b, errs.BadField("expires_at", badExpiry)
	case o.Passphrase != "" && len([]rune(o.Passphrase)) < minPhrase:
		return keys, b, errs.BadField("passphrase", badPhrase)
	}
	keys = ArchiveKeys{Recipient: o.Recipient, Passphrase: o.Passphrase}
	return keys, b, s.o.Archives.Check(keys)
}

// PersonID is the user_uuid of an account's id, for the original's way of naming people.
func (s *Service) PersonID(ctx context.Context, actor model.Actor, userID int64) (string, error) {
	if err := mustBeAdmin(actor, mayNotDelete); err != nil {
		return "", err
	}
	return s.o.Backups.UserUUID(ctx, userID)
}

// WaitBackup waits for a job that runs here to end, or for ctx, and returns where it stands.
func (s *Service) WaitBackup(ctx context.Context, backupUUID string) (model.Backup, error) {
	s.jobs.wait(ctx, backupUUID)
	return s.o.Backups.Backup(context.WithoutCancel(ctx), backupUUID)
}

// CancelBackup stops a job before anything is deleted. Repeating is harmless; one that has ended stays as it is.
func (s *Service) CancelBackup(ctx context.Context, actor model.Actor, backupUUID string) error {
	if err := mustBeAdmin(actor, mayNotDelete); err != nil {
		return err
	}
	if _, err := s.BackupOf(ctx, actor, backupUUID); err != nil {
		return err
	}
	s.jobs.cancel(backupUUID)
	return nil
}

// BackupOf returns a job or archive, for administrators and auditors.
func (s *Service) BackupOf(ctx context.Context, actor model.Actor, backupUUID string) (model.Backup, error) {
	if err := mayReadAudit(actor); err != nil {
		return model.Backup{}, err
	}
	return s.o.Backups.Backup(ctx, backupUUID)
}

// ListBackups returns a page of the jobs and archives, the newest first, and the before of the next one, 0: there is none.
func (s *Service) ListBackups(ctx context.Context, actor model.Actor, before int64) (page []model.Backup, next int64, err error) {
	if err := mayReadAudit(actor); err != nil {
		return nil, 0, err
	}
	page, err = s.o.Backups.Backups(ctx, before, wire.MaxBackups)
	if n := len(page); n == wire.MaxBackups {
		next = page[n-1].ID
	}
	return page, next, err
}

// OpenBackup opens an archive's sealed bytes, for owners and auditors; it is audited. Who ordered it may have chosen a key of his
// own, so that reading takes a second person here too: wire.Forbidden (oneself).
func (s *Service) OpenBackup(ctx context.Context, actor model.Actor, backupUUID string) (*os.File, error) {
	if !actor.IsAuditor() {
		return nil, errs.E(wire.Forbidden, wire.ReasonRank, fetchOnly)
	}
	b, err := s.o.Backups.Backup(ctx, backupUUID)
	if err != nil {
		return nil, err
	}
	if b.RequestedBy == actor.UserUUID {
		return nil, errs.E(wire.Forbidden, wire.ReasonOneself, fetchSecond)
	}
	f, err := os.Open(s.archivePath(b))
	if err != nil || b.State != wire.BackupDone {
		return nil, errs.NotFound(noBackup)
	}
	entry := s.entry(actor, model.AuditBackupFetched)
	entry.Subject = b.UUID
	if err := s.o.Audit.AppendAudit(ctx, entry); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (s *Service) archivePath(b model.Backup) string {
	return filepath.Join(s.o.ArchiveDir, b.UUID+".age")
}

// staleAfter is how long a job of another server may say nothing; progressEvery how often one does.
const (
	staleAfter    = 2 * time.Minute
	progressEvery = 2 * time.Second
)

// RecoverBackups ends the jobs that a stopped server left: half an archive goes, the person is let in again. alone: no other
// server works on this database, so that one which doesn't run here runs nowhere.
func (s *Service) RecoverBackups(ctx context.Context, alone bool) error {
	list, err := s.o.Backups.UnfinishedBackups(ctx)
	if err != nil {
		return fmt.Errorf("read unfinished backups: %w", err)
	}
	for _, b := range list {
		if _, here := s.jobs.find(b.UUID); here || !alone && b.UpdatedAt > s.o.Now().Add(-staleAfter).UnixMilli() {
			continue
		}
		b.State, b.Failure = wire.BackupFailed, "stopped"
		err := s.endBackup(ctx, b, model.AuditEntry{At: s.o.Now().UnixMilli(), Action: model.AuditDeleteFailed, Detail: b.Failure})
		if err != nil && !errs.Is(err, wire.Conflict) { // it has ended meanwhile
			return fmt.Errorf("end a stopped backup: %w", err)
		}
	}
	return nil
}

// endBackup removes what there is of an archive, notes that the job has ended, and lets the person in again.
func (s *Service) endBackup(ctx context.Context, b model.Backup, entry model.AuditEntry) error {
	if err := os.Remove(s.archivePath(b)); err != nil && !errors.Is(err, os.ErrNotExist) {
		s.o.Logger.WarnContext(ctx, "half an archive was not removed", slog.String("backup_uuid", b.UUID), slog.Any("error", err))
	}
	b.FinishedAt = entry.At
	u, err := s.o.Backups.FailBackup(ctx, b, entry)
	if err != nil {
		return err
	}
	s.userChanged(ctx, u)
	return nil
}

// userChanged tells everybody of a person who is in the directory.
func (s *Service) userChanged(ctx context.Context, u model.User) {
	if u.Rev != 0 {
		s.o.Directory.UserChanged(ctx, u)
	}
}

// SweepBackups removes archives whose time is over.
func (s *Service) SweepBackups(ctx context.Context) error {
	now := s.o.Now()
	list, err := s.o.Backups.ExpiredBackups(ctx, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("read backups: %w", err)
	}
	for _, b := range list {
		if err := os.Remove(s.archivePath(b)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove an archive: %w", err)
		}
		entry := model.AuditEntry{At: now.UnixMilli(), Action: model.AuditBackupExpired, Subject: b.UUID}
		if err := s.o.Backups.ExpireBackup(ctx, b, entry); err != nil {
			return fmt.Errorf("expire a backup: %w", err)
		}
		s.o.Logger.InfoContext(ctx, "backup expired", slog.String("backup_uuid", b.UUID))
	}
	return nil
}

// Close cancels jobs that run and waits for them.
func (s *Service) Close() { s.jobs.close() }
