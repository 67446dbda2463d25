package core

import (
	"context"
	"io"

	"himsg/shared/wire"
)

// DeletePerson begins to back a person up and then delete him; see Backups for how far it is.
func (c *Core) DeletePerson(userUUID string, order DeleteOrder) (Backup, error) {
	var out Backup
	err := c.change(checkOrder(userUUID, order), func(ctx context.Context, s *session) error {
		in := wire.DeleteUserRequest{Reason: order.Reason, Passphrase: order.Passphrase, Recipient: order.Recipient}
		if order.ExpiresAt != 0 {
			at := wire.TimeOfMilli(order.ExpiresAt)
			in.ExpiresAt = &at
		}
		b, err := s.auth.DeletePerson(ctx, userUUID, in)
		out = viewBackup(b)
		return err
	})
	return out, err
}

func checkOrder(userUUID string, order DeleteOrder) error {
	if err := checkID(userUUID); err != nil {
		return err
	}
	if order.ExpiresAt < 0 {
		return refuse(wire.BadRequest, "", "no such time")
	}
	if err := checkFields(order.Reason, order.Recipient); err != nil {
		return err
	}
	return checkField(order.Passphrase, maxSecretRunes)
}

func viewBackup(b wire.Backup) Backup {
	out := Backup{
		BackupUUID: b.BackupUUID, UserUUID: b.UserUUID, Name: b.Name, Reason: b.Reason, State: b.State, Failure: b.Failure,
		Protected: b.Protected, Rooms: b.Rooms, RoomsDone: b.RoomsDone, Messages: b.Messages, Files: b.Files, Size: b.Size,
		SHA256: b.SHA256, RequestedBy: b.RequestedBy, RequestedAt: b.RequestedAt.UnixMilli(), ExpiresAt: b.ExpiresAt.UnixMilli(),
	}
	if b.FinishedAt != nil {
		out.FinishedAt = b.FinishedAt.UnixMilli()
	}
	return out
}

// Backups returns a page of the deletions and their archives, the newest first. before is the Next of the page before, 0 at first.
func (c *Core) Backups(before int64) (BackupPage, error) {
	out := BackupPage{Backups: []Backup{}}
	err := c.change(checkPlace(before), func(ctx context.Context, s *session) error {
		list, err := s.auth.Backups(ctx, before)
		for _, b := range list.Backups {
			out.Backups = append(out.Backups, viewBackup(b))
		}
		out.Next = list.Next
		return err
	})
	return out, offered(err)
}

// CancelBackup stops a deletion before anything is deleted.
func (c *Core) CancelBackup(backupUUID string) error {
	return c.change(checkID(backupUUID), func(ctx context.Context, s *session) error { return s.auth.CancelBackup(ctx, backupUUID) })
}

// SaveBackup asks where to and saves an archive, sealed as it is; false: the user chose none.
func (c *Core) SaveBackup(backupUUID string) (bool, error) {
	return c.saveAs(checkID(backupUUID), backupUUID+".age", func(ctx context.Context, s *session, into io.Writer) error {
		return s.auth.SaveBackup(ctx, backupUUID, into)
	})
}
