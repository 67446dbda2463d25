package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"himsg/server/internal/admin"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	backupPath = "/api/admin/backups/{backup_uuid}"
	// deleteWait is how long the original's path waits for a deletion, which it answered only when all was done.
	deleteWait = 10 * time.Second
)

// backupRoutes are those of deleting people.
func (a *API) backupRoutes(doc huma.API) {
	signedIn(a, doc, op("POST "+adminUser+"/delete", "Back a person up, then delete him (administrators)").gives(202), a.deletePerson)
	signedIn(a, doc, op("DELETE /api/delete-user/{id}", "Back a person up, then delete him (administrators)"), a.deleteUser)
	signedIn(a, doc, op("GET /api/admin/backups", "Deletions and their archives (administrators, auditors)"), a.backups)
	signedIn(a, doc, op("GET "+backupPath, "How far a deletion is (administrators, auditors)"), a.backup)
	signedIn(a, doc, op("POST "+backupPath+"/cancel", "Stop a deletion before anything is deleted (administrators)"), a.cancelBackup)
}

func backupOf(b model.Backup) wire.Backup {
	w := wire.Backup{
		BackupUUID: b.UUID, UserUUID: b.UserUUID, Name: b.Name, Reason: b.Reason, State: b.State, Failure: b.Failure,
		Protected: b.Protected, Rooms: b.Rooms, RoomsDone: b.RoomsDone, Messages: b.Messages, Files: b.Files, Size: b.Size,
		SHA256: b.SHA256, RequestedBy: b.RequestedBy, RequestedAt: wire.TimeOfMilli(b.RequestedAt),
		ExpiresAt: wire.TimeOfMilli(b.ExpiresAt),
	}
	if b.FinishedAt != 0 {
		at := wire.TimeOfMilli(b.FinishedAt)
		w.FinishedAt = &at
	}
	return w
}

type deleteInput struct {
	UserUUID string `path:"user_uuid"`
	Body     wire.DeleteUserRequest
}

func (a *API) deletePerson(ctx context.Context, actor model.Actor, in *deleteInput) (*output[wire.Backup], error) {
	order := admin.DeleteOrder{
		UserUUID: in.UserUUID, Reason: in.Body.Reason, Passphrase: in.Body.Passphrase, Recipient: in.Body.Recipient,
	}
	if in.Body.ExpiresAt != nil {
		order.ExpiresAt = in.Body.ExpiresAt.UnixMilli()
	}
	b, err := a.o.Admin.DeletePerson(ctx, actor, order)
	if err != nil {
		return nil, err
	}
	return answer(backupOf(b)), nil
}

func (a *API) deleteUser(ctx context.Context, actor model.Actor, in *rejectInput) (*output[wire.BackupReply], error) {
	person, err := a.o.Admin.PersonID(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	order := admin.DeleteOrder{UserUUID: person, Reason: "관리자 삭제"}
	if in.Body != nil && in.Body.Reason != "" {
		order.Reason = in.Body.Reason
	}
	b, err := a.o.Admin.DeletePerson(ctx, actor, order)
	if err != nil {
		return nil, err
	}
	waiting, cancel := context.WithTimeout(ctx, deleteWait)
	defer cancel()
	if b, err = a.o.Admin.WaitBackup(waiting, b.UUID); err != nil {
		return nil, err
	}
	message := errs.Text{KO: "사용자 삭제 및 모든 기록 백업 완료", EN: "The user was backed up and deleted."}
	switch b.State {
	case wire.BackupDone:
	case wire.BackupRunning, wire.BackupVerifying:
		message = errs.Text{KO: "백업이 진행 중입니다. 완료되면 삭제됩니다.", EN: "The backup is under way; the user is deleted after it."}
	default:
		return nil, errs.E(wire.Unavailable, "", errs.Text{
			KO: "백업하지 못해 삭제하지 않았습니다.", EN: "Nothing was deleted, for the backup failed.",
		})
	}
	return answer(wire.BackupReply{Message: message.In(recordOf(ctx).lang), Backup: backupOf(b)}), nil
}

func (a *API) backups(ctx context.Context, actor model.Actor, in *beforeInput) (*output[wire.BackupList], error) {
	list, next, err := a.o.Admin.ListBackups(ctx, actor, in.Before)
	if err != nil {
		return nil, err
	}
	out := wire.BackupList{Backups: make([]wire.Backup, len(list)), Next: next}
	for i, b := range list {
		out.Backups[i] = backupOf(b)
	}
	return answer(out), nil
}

type backupInput struct {
	BackupUUID string `path:"backup_uuid"`
}

func (a *API) backup(ctx context.Context, actor model.Actor, in *backupInput) (*output[wire.Backup], error) {
	b, err := a.o.Admin.BackupOf(ctx, actor, in.BackupUUID)
	if err != nil {
		return nil, err
	}
	return answer(backupOf(b)), nil
}

func (a *API) cancelBackup(ctx context.Context, actor model.Actor, in *backupInput) (*output[wire.MessageReply], error) {
	if err := a.o.Admin.CancelBackup(ctx, actor, in.BackupUUID); err != nil {
		return nil, err
	}
	return said(ctx, "중단을 요청했습니다.", "It is being stopped."), nil
}

// backupFile hands out an archive as it is: sealed.
func (a *API) backupFile(w http.ResponseWriter, r *http.Request) {
	id := chi.URLParam(r, "backup_uuid")
	f, err := a.o.Admin.OpenBackup(r.Context(), recordOf(r.Context()).actor, id)
	if err != nil {
		fail(w, r, err)
		return
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+id+`.age"`)
	http.ServeContent(&pacedWriter{w, a.pace(w)}, r, "", time.Time{}, f)
}
