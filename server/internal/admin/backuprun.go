package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"strings"
	"time"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// job is a deletion at work.
type job struct {
	b     model.Backup
	u     model.User
	actor model.Actor
	keys  ArchiveKeys

	rooms []model.BackupRoom
	names map[string]string // of people, by user_uuid
	sums  map[string]string // of files that must be in the archive, by their path in it
	saved time.Time
}

// runBackup does a job from its start to its end.
func (s *Service) runBackup(ctx context.Context, j job) {
	err := s.archivePerson(ctx, &j)
	if err == nil {
		err = ctx.Err() // the last moment at which it can be cancelled
	}
	ctx = context.WithoutCancel(ctx)
	if err == nil {
		err = s.removePerson(ctx, &j)
	}
	if err == nil {
		return
	}
	j.b.State, j.b.Failure = wire.BackupFailed, failureOf(err)
	if errors.Is(err, context.Canceled) {
		j.b.State, j.b.Failure = wire.BackupCancelled, ""
	}
	s.o.Logger.WarnContext(ctx, "nobody was deleted: the backup failed", slog.String("backup_uuid", j.b.UUID), slog.Any("error", err))
	entry := s.entry(j.actor, model.AuditDeleteFailed)
	entry.Detail = string(j.b.State)
	if err := s.endBackup(ctx, j.b, entry); err != nil {
		s.o.Logger.ErrorContext(ctx, "a failed backup was not noted", slog.String("backup_uuid", j.b.UUID), slog.Any("error", err))
	}
}

// failureOf tells administrators what to look for, without paths or names.
func failureOf(err error) string {
	switch {
	case errors.Is(err, errDiffers):
		return "differs"
	case errors.Is(err, errFileMissing):
		return "file_missing"
	case isFull(err):
		return "disk_full"
	default:
		return "failed"
	}
}

var (
	errDiffers     = errors.New("the archive is not what the database has")
	errFileMissing = errors.New("the bytes of a file are missing")
)

// archivePerson writes the archive, and reads it again.
func (s *Service) archivePerson(ctx context.Context, j *job) (err error) {
	if j.rooms, err = s.o.Backups.BackupRooms(ctx, j.b.UserID); err != nil {
		return fmt.Errorf("read rooms: %w", err)
	}
	j.b.Rooms, j.names, j.sums = len(j.rooms), map[string]string{}, map[string]string{}
	if err := os.MkdirAll(s.o.ArchiveDir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(s.archivePath(j.b), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	watched := &watch{each: func() error { return s.progress(ctx, j) }}
	if err := s.writeArchive(ctx, j, io.MultiWriter(watched, f, sum)); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	j.b.Size, j.b.SHA256 = size, hex.EncodeToString(sum.Sum(nil))
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return s.verifyArchive(ctx, j, io.TeeReader(f, watched))
}

// watch is written to beside the archive: however long one file of it is, the job tells where it stands and can be cancelled.
type watch struct{ each func() error }

// Write implements io.Writer.
func (w *watch) Write(p []byte) (int, error) {
	if err := w.each(); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (s *Service) writeArchive(ctx context.Context, j *job, w io.Writer) error {
	out, err := s.o.Archives.Create(w, j.keys)
	if err != nil {
		return err
	}
	index := make([]ArchiveRoom, 0, len(j.rooms))
	for i, room := range j.rooms {
		written, err := s.writeRoom(ctx, j, out, room, folderOf(i))
		if err != nil {
			return err
		}
		index = append(index, written)
		j.b.RoomsDone = i + 1
		if err := s.progress(ctx, j); err != nil {
			return err
		}
	}
	title := j.u.Name + " (" + j.u.Username + ", " + j.u.EmployeeID + ")"
	if err := out.AddIndex(title, time.UnixMilli(j.b.RequestedAt).UTC().Format(time.RFC3339)+" · "+j.b.Reason, index); err != nil {
		return err
	}
	return out.Close()
}

// folderOf is where the pages of a person's n-th room are, counted from 0.
func folderOf(n int) string { return fmt.Sprintf("rooms/%05d", n+1) }

const archivePage = 1000 // messages

func (s *Service) writeRoom(
	ctx context.Context, j *job, out ArchiveWriter, room model.BackupRoom, folder string,
) (ArchiveRoom, error) {
	r := ArchiveRoom{Folder: folder, UUID: room.UUID, Kind: string(room.Kind), Name: room.Name}
	var err error
	if r.Members, err = s.namesOf(ctx, j, room.Members); err != nil {
		return r, err
	}
	if r.Name == "" {
		r.Name = strings.Join(r.Members, ", ")
	}
	for after := room.After; ; {
		page, err := s.o.Backups.BackupPage(ctx, room.ID, after, room.UpTo, archivePage)
		if err != nil {
			return r, fmt.Errorf("read messages: %w", err)
		}
		if len(page) == 0 {
			return r, out.AddRoom(r)
		}
		list, err := s.archiveMessages(ctx, j, out, page)
		if err != nil {
			return r, err
		}
		name := fmt.Sprintf("page-%05d", len(r.Pages)+1)
		if err := out.AddPage(r, name, list); err != nil {
			return r, err
		}
		r.Pages = append(r.Pages, name)
		r.Messages += len(list)
		j.b.Messages += len(list)
		after = page[len(page)-1].Seq
		if err := s.progress(ctx, j); err != nil {
			return r, err
		}
	}
}

func (s *Service) archiveMessages(
	ctx context.Context, j *job, out ArchiveWriter, page []model.Message,
) ([]ArchiveMessage, error) {
	uuids := make([]string, 0, len(page))
	for _, m := range page {
		uuids = append(uuids, m.SenderUUID)
	}
	if _, err := s.namesOf(ctx, j, uuids); err != nil {
		return nil, err
	}
	list := make([]ArchiveMessage, 0, len(page))
	for _, m := range page {
		a := ArchiveMessage{
			Seq: m.Seq, At: wire.TimeOfMilli(m.CreatedAt).String(), Sender: j.names[m.SenderUUID], Kind: string(m.Kind),
			Text: m.Text, Deleted: m.DeletedAt != 0,
		}
		if m.System != nil {
			a.Text = "— " + string(m.System.Action) + " " + m.System.Name
		}
		for _, f := range m.Files {
			stored, err := s.archiveFile(ctx, j, out, f)
			if err != nil {
				return nil, err
			}
			a.Files = append(a.Files, stored)
		}
		list = append(list, a)
	}
	return list, nil
}

// archiveFile adds a file once, however many messages have it.
func (s *Service) archiveFile(ctx context.Context, j *job, out ArchiveWriter, f wire.File) (ArchiveFile, error) {
	a := ArchiveFile{UUID: f.FileID, Name: f.Name, Size: f.Size, SHA256: f.SHA256}
	if f.Gone {
		return a, nil
	}
	a.Path = "files/" + f.FileID + strings.ToLower(path.Ext(f.Name))
	if _, there := j.sums[a.Path]; there {
		return a, nil
	}
	body, stored, err := s.o.Files.OpenFile(ctx, f.FileID)
	if err != nil {
		return a, fmt.Errorf("file %s: %w", f.FileID, errors.Join(errFileMissing, err))
	}
	defer body.Close()
	sum, err := out.AddFile(a.Path, stored.Size, body)
	if err != nil {
		return a, err
	}
	if sum != stored.SHA256 {
		return a, fmt.Errorf("file %s: %w", f.FileID, errDiffers)
	}
	j.sums[a.Path] = sum
	j.b.Files++
	return a, nil
}

// namesOf returns people's names, and remembers them.
func (s *Service) namesOf(ctx context.Context, j *job, uuids []string) ([]string, error) {
	var ask []string
	for _, id := range uuids {
		if _, known := j.names[id]; !known && id != "" {
			j.names[id] = "탈퇴한 사용자"
			ask = append(ask, id)
		}
	}
	for len(ask) > 0 {
		n := min(len(ask), 500)
		users, err := s.o.Backups.AccountsByUUID(ctx, ask[:n])
		if err != nil {
			return nil, fmt.Errorf("read people: %w", err)
		}
		for _, u := range users {
			if u.Name != "" {
				j.names[u.UUID] = u.Name
			}
			if u.State == wire.UserBot {
				j.names[u.UUID] += " (봇)"
			}
		}
		ask = ask[n:]
	}
	names := make([]string, len(uuids))
	for i, id := range uuids {
		names[i] = j.names[id]
	}
	return names, nil
}

func (s *Service) progress(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	now := s.o.Now()
	if now.Sub(j.saved) < progressEvery {
		return nil
	}
	j.saved = now
	j.b.UpdatedAt = now.UnixMilli()
	return s.o.Backups.SaveBackup(ctx, j.b)
}

// verifyArchive opens the archive and compares it with the database: every room, the number of its messages, every file.
func (s *Service) verifyArchive(ctx context.Context, j *job, sealed io.Reader) error {
	j.b.State = wire.BackupVerifying
	j.saved = time.Time{}
	if err := s.progress(ctx, j); err != nil {
		return err
	}
	messages := map[string]int{}
	sums, err := s.o.Archives.Read(sealed, j.keys, func(folder string, page []ArchiveMessage) error {
		messages[folder] += len(page)
		return nil
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return errors.Join(errDiffers, err)
	}
	for i, room := range j.rooms {
		want, err := s.o.Backups.CountMessages(ctx, room.ID, room.After, room.UpTo)
		if err != nil {
			return fmt.Errorf("count messages: %w", err)
		}
		if got := messages[folderOf(i)]; got != want {
			return fmt.Errorf("room %s has %d messages, the archive %d: %w", room.UUID, want, got, errDiffers)
		}
	}
	for name, sum := range j.sums {
		if sums[name] != sum {
			return fmt.Errorf("%s: %w", name, errDiffers)
		}
	}
	return nil
}

// removePerson erases the person, and tells those who shared rooms with him.
func (s *Service) removePerson(ctx context.Context, j *job) error {
	j.b.State, j.b.FinishedAt = wire.BackupDone, s.o.Now().UnixMilli()
	entry := s.entry(j.actor, model.AuditUserDeleted)
	entry.Detail = j.b.Reason + " · backup " + j.b.UUID
	u, left, err := s.o.Backups.RemovePerson(ctx, j.b, entry)
	if err != nil {
		return fmt.Errorf("remove person: %w", err)
	}
	for _, change := range left {
		s.o.Rooms.Announce(ctx, change)
	}
	s.o.Directory.UserChanged(ctx, u)
	s.o.Removed()
	return nil
}
