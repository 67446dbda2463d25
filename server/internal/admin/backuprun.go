package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"strings"
	"time"

	"himsg/server/internal/admin/archive"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// job is a deletion at work.
type job struct {
	b     model.Backup
	was   model.User
	actor model.Actor
	keys  archive.Keys

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
	if removed := os.Remove(s.archivePath(j.b)); removed != nil && !errors.Is(removed, os.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	j.b.State, j.b.Failure = wire.BackupFailed, failureOf(err)
	if errors.Is(err, context.Canceled) {
		j.b.State, j.b.Failure = wire.BackupCancelled, ""
	}
	j.b.FinishedAt = s.o.Now().UnixMilli()
	s.o.Logger.WarnContext(ctx, "nobody was deleted: the backup failed", slog.String("backup_uuid", j.b.UUID), slog.Any("error", err))
	entry := s.entry(j.actor, model.AuditDeleteFailed)
	entry.Detail = string(j.b.State)
	u, err := s.o.Backups.FailBackup(ctx, j.b, j.was, entry)
	if err != nil {
		s.o.Logger.ErrorContext(ctx, "a failed backup was not noted", slog.String("backup_uuid", j.b.UUID), slog.Any("error", err))
		return
	}
	s.o.Directory.UserChanged(ctx, u)
}

// failureOf tells administrators what to look for, without paths or names.
func failureOf(err error) string {
	switch {
	case errors.Is(err, errDiffers):
		return "differs"
	case errors.Is(err, errFileMissing):
		return "file_missing"
	case strings.Contains(err.Error(), "no space left"), strings.Contains(err.Error(), "file too large"):
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
	if err := s.writeArchive(ctx, j, io.MultiWriter(f, sum)); err != nil {
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
	return s.verifyArchive(ctx, j, f)
}

func (s *Service) writeArchive(ctx context.Context, j *job, w io.Writer) error {
	out, err := archive.Create(w, j.keys)
	if err != nil {
		return err
	}
	index := make([]archive.Room, 0, len(j.rooms))
	for i, room := range j.rooms {
		written, err := s.writeRoom(ctx, j, out, room, fmt.Sprintf("rooms/%05d", i+1))
		if err != nil {
			return err
		}
		index = append(index, written)
		j.b.RoomsDone = i + 1
		if err := s.progress(ctx, j); err != nil {
			return err
		}
	}
	title := j.was.Name + " (" + j.was.Username + ", " + j.was.EmployeeID + ")"
	if err := out.AddIndex(title, time.UnixMilli(j.b.RequestedAt).UTC().Format(time.RFC3339)+" · "+j.b.Reason, index); err != nil {
		return err
	}
	return out.Close()
}

const archivePage = 1000 // messages

func (s *Service) writeRoom(
	ctx context.Context, j *job, out *archive.Writer, room model.BackupRoom, folder string,
) (archive.Room, error) {
	r := archive.Room{Folder: folder, UUID: room.UUID, Kind: string(room.Kind), Name: room.Name}
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
	ctx context.Context, j *job, out *archive.Writer, page []model.Message,
) ([]archive.Message, error) {
	uuids := make([]string, 0, len(page))
	for _, m := range page {
		uuids = append(uuids, m.SenderUUID)
	}
	if _, err := s.namesOf(ctx, j, uuids); err != nil {
		return nil, err
	}
	list := make([]archive.Message, 0, len(page))
	for _, m := range page {
		a := archive.Message{
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
func (s *Service) archiveFile(ctx context.Context, j *job, out *archive.Writer, f wire.File) (archive.File, error) {
	a := archive.File{UUID: f.FileID, Name: f.Name, Size: f.Size, SHA256: f.SHA256}
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
	sum, err := out.Add(a.Path, stored.Size, body)
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
	messages, files := map[string]int{}, map[string]string{}
	entries, err := archive.Read(sealed, j.keys, func(name string, _ int64, r io.Reader) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		folder, page := path.Split(name)
		if strings.HasPrefix(page, "page-") && strings.HasSuffix(page, ".json") {
			var list []archive.Message
			if err := json.NewDecoder(r).Decode(&list); err != nil {
				return err
			}
			messages[folder] += len(list)
		}
		return nil
	})
	if err != nil {
		return errors.Join(errDiffers, err)
	}
	for _, e := range entries {
		files[e.Name] = e.SHA256
	}
	for i, room := range j.rooms {
		want, err := s.o.Backups.CountMessages(ctx, room.ID, room.After, room.UpTo)
		if err != nil {
			return fmt.Errorf("count messages: %w", err)
		}
		if got := messages[fmt.Sprintf("rooms/%05d/", i+1)]; got != want {
			return fmt.Errorf("room %s has %d messages, the archive %d: %w", room.UUID, want, got, errDiffers)
		}
	}
	for name, sum := range j.sums {
		if files[name] != sum {
			return fmt.Errorf("%s: %w", name, errDiffers)
		}
	}
	return nil
}

// removePerson lets the person leave his groups, as he would himself, and erases him.
func (s *Service) removePerson(ctx context.Context, j *job) error {
	self := model.Actor{UserID: j.was.ID, UserUUID: j.was.UUID, Role: j.was.Role}
	for _, room := range j.rooms {
		if !room.Present || room.Kind != wire.RoomGroup {
			continue
		}
		// What can't be left so (a department's room) is left with the account.
		if _, err := s.o.Rooms.LeaveRoom(ctx, self, room.UUID, false); err != nil && errs.As(err).Code == wire.Internal {
			return fmt.Errorf("leave a room: %w", err)
		}
	}
	j.b.State, j.b.FinishedAt = wire.BackupDone, s.o.Now().UnixMilli()
	entry := s.entry(j.actor, model.AuditUserDeleted)
	entry.Detail = j.b.Reason + " · backup " + j.b.UUID
	u, err := s.o.Backups.RemovePerson(ctx, j.b, entry)
	if err != nil {
		return fmt.Errorf("remove person: %w", err)
	}
	s.o.Directory.UserChanged(ctx, u)
	s.o.Removed()
	return nil
}
