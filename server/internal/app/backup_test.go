package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"himsg/server/internal/admin"
	"himsg/server/internal/admin/archive"
	"himsg/server/internal/app"
	"himsg/shared/wire"
)

// leaver is a server with kim, who leaves the company: he owns a group, writes to lee and to himself, and sent a file.
type leaver struct {
	*server
	boss, kim, lee, eye person
	group, memo         string
	file                string
	ahead               *atomic.Int64
}

func newLeaver(t *testing.T, database string) *leaver {
	t.Helper()
	ahead := &atomic.Int64{}
	s := startAt(t, settings(t, database), func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	s.owner("boss")
	l := &leaver{server: s, boss: s.login("boss"), ahead: ahead}
	l.kim, l.lee, l.eye = s.join(l.boss, "kim"), s.join(l.boss, "lee"), s.join(l.boss, "eye")
	l.boss.role(l.eye, wire.RoleAuditor)
	l.group = l.kim.room(l.lee, l.boss)
	l.kim.say(l.group, "<script>alert(1)</script> 안녕하세요")
	l.lee.say(l.group, "네, 안녕하세요")
	l.memo = l.kim.openDirect(l.kim)
	l.kim.say(l.memo, "나만의 메모")
	l.kim.say(l.kim.openDirect(l.lee), "둘만의 이야기")
	l.file = s.file(l.kim, "계약서.pdf")
	s.must(200, formRequest(l.kim.token, "보고서.txt", "보고 내용", l.group))
	return l
}

func (p person) openDirect(other person) string {
	p.s.t.Helper()
	var out wire.CreateRoomReply
	p.s.must(200, request{
		method: "POST", path: "/api/direct-rooms", token: p.token, body: wire.OpenDirectRequest{ReceiverUUID: other.uuid},
	}).decode(p.s.t, &out)
	return out.RoomUUID
}

func formRequest(token, name, content, room string) request {
	r := formUpload(name, content, "room_uuid", room)
	r.token = token
	return r
}

func (l *leaver) delete(in wire.DeleteUserRequest) (b wire.Backup) {
	l.t.Helper()
	l.must(202, request{method: "POST", path: "/api/admin/users/" + l.kim.uuid + "/delete", token: l.boss.token, body: in}).decode(l.t, &b)
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		l.boss.get("/api/admin/backups/"+b.BackupUUID, &b)
		if b.State != wire.BackupRunning && b.State != wire.BackupVerifying {
			return b
		}
	}
	l.t.Fatalf("it does not end: %+v", b)
	return b
}

// open downloads an archive and opens it; every file by its name.
func (l *leaver) open(b wire.Backup, passphrase string) (map[string]string, error) {
	l.t.Helper()
	sealed := l.must(200, request{method: "GET", path: "/api/admin/backups/" + b.BackupUUID + "/file", token: l.eye.token}).body
	if bytes.Contains(sealed, []byte("안녕하세요")) || int64(len(sealed)) != b.Size {
		l.t.Errorf("%d bytes, or not sealed", len(sealed))
	}
	key, err := archive.LoadKey(app.ArchiveKeyPath(l.c.Store))
	if err != nil {
		l.t.Fatal(err)
	}
	dir := filepath.Join(l.t.TempDir(), "open")
	if _, err := archive.Extract(bytes.NewReader(sealed), archive.Keys{Server: key, Passphrase: passphrase}, dir); err != nil {
		return nil, err
	}
	found := map[string]string{}
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		found[strings.TrimPrefix(path, dir+"/")] = string(text)
		return err
	})
	return found, err
}

func TestWhoLeavesIsBackedUpAndThenGone(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			l := newLeaver(t, database)
			socket, _ := l.dial(l.lee.token)
			l.ask(socket, wire.OpSync, wire.SyncRequest{})
			b := l.delete(wire.DeleteUserRequest{Reason: "퇴사"})
			var heard wire.Message
			await(t, socket, wire.EvMessage, &heard)
			if heard.System == nil || heard.System.Action != wire.SystemLeft || heard.RoomUUID != l.group {
				t.Errorf("lee heard %+v", heard)
			}
			if b.State != wire.BackupDone || b.Rooms != 3 || b.RoomsDone != 3 || b.Files != 1 || b.Name != "이kim" {
				t.Fatalf("%+v", b)
			}
			found, err := l.open(b, "")
			if err != nil {
				t.Fatal(err)
			}
			var rooms []admin.ArchiveRoom
			if err := json.Unmarshal([]byte(found["index.json"]), &rooms); err != nil || len(rooms) != 3 {
				t.Fatalf("%v: %s", err, found["index.json"])
			}
			all := ""
			for _, r := range rooms {
				var list []admin.ArchiveMessage
				if err := json.Unmarshal([]byte(found[r.Folder+"/page-00001.json"]), &list); err != nil {
					t.Fatal(err)
				}
				if n := l.count("select count(*) from messages m join rooms r on r.id = m.room_id where r.room_uuid = ? and m.created_at <= ?",
					r.UUID, b.RequestedAt.UnixMilli()); len(list) != n || r.Messages != n {
					t.Errorf("room %s: %d messages in the archive, %d there were", r.Name, len(list), n)
				}
				all += found[r.Folder+"/page-00001.html"]
			}
			for _, want := range []string{"&lt;script&gt;", "나만의 메모", "둘만의 이야기", "네, 안녕하세요", "보고서.txt", "이lee"} {
				if !strings.Contains(all, want) {
					t.Errorf("the pages don't have %q", want)
				}
			}
			files := 0
			for name, text := range found {
				if strings.HasPrefix(name, "files/") && text == "보고 내용" {
					files++
				}
			}
			if files != 1 {
				t.Errorf("%d files", files)
			}
			l.gone(t)
		})
	}
}

// gone checks what is left of kim for the others.
func (l *leaver) gone(t *testing.T) {
	t.Helper()
	refusedWith(t, "his token", l.do(request{method: "GET", path: "/api/users/me", token: l.kim.token}), 401, wire.ReasonDisabled)
	refusedWith(t, "his password", l.do(request{
		method: "POST", path: "/api/login", body: wire.LoginRequest{Username: "kim", Password: password},
	}), 401, wire.ReasonBadCredentials)
	var list []wire.LegacyRoom
	l.lee.get("/api/chat-rooms", &list)
	names := map[string]bool{}
	for _, r := range list {
		names[r.Name] = true
	}
	if len(list) != 2 || !names["탈퇴한 사용자"] {
		t.Errorf("lee's rooms: %+v", list)
	}
	var detail wire.RoomDetail
	l.lee.get("/api/chat-rooms/"+l.group, &detail)
	kept := false
	for _, m := range detail.Messages {
		kept = kept || strings.Contains(m.Text, "안녕하세요") && m.SenderUUID == l.kim.uuid
	}
	if !kept || len(detail.Members) != 2 {
		t.Errorf("the group: %+v", detail)
	}
	if n := l.count(`select count(*) from room_members m join rooms r on r.id = m.room_id
		where r.room_uuid = ? and m.role = 'owner' and m.left_seq is null`, l.group); n != 1 {
		t.Errorf("the group has %d owners", n)
	}
	for what, query := range map[string]string{
		"his memo":   "select count(*) from messages where text like '%나만의 메모%'",
		"his name":   "select count(*) from users where name = '이kim' or email like 'kim@%' or employee_id = 'E-kim'",
		"a session":  "select count(*) from sessions s join users u on u.id = s.user_id where u.state = 'deleted' and s.revoked_at is null",
		"a password": "select count(*) from users where state = 'deleted' and password_hash <> ''",
	} {
		if n := l.count(query); n != 0 {
			t.Errorf("%s is still there", what)
		}
	}
	if n := l.count("select count(*) from audit where action in ('delete_requested', 'user_deleted') and subject = ?", l.kim.uuid); n != 2 {
		t.Errorf("%d entries in the audit", n)
	}
	l.signUp("kim") // his names are free again
}

func TestNothingIsDeletedUnlessTheBackupIsWhole(t *testing.T) {
	for _, c := range []struct {
		name, failure string
		breaks        func(l *leaver) error
	}{
		{"a file's bytes are missing", "file_missing", func(l *leaver) error {
			return os.RemoveAll(filepath.Join(l.c.Data, "files"))
		}},
		{"the archive can't be written", "failed", func(l *leaver) error {
			return os.WriteFile(filepath.Join(l.c.Data, "backups"), nil, 0o600)
		}},
		{"a file is not what it was", "differs", func(l *leaver) error {
			l.exec("update files set sha256 = 'x'")
			return nil
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLeaver(t, "")
			before := l.count("select count(*) from messages")
			if err := c.breaks(l); err != nil {
				t.Fatal(err)
			}
			b := l.delete(wire.DeleteUserRequest{Reason: "퇴사"})
			if b.State != wire.BackupFailed || b.Failure != c.failure {
				t.Errorf("%+v", b)
			}
			if after := l.count("select count(*) from messages"); after != before {
				t.Errorf("%d messages, %d before", after, before)
			}
			var detail wire.RoomDetail
			l.login("kim").get("/api/chat-rooms/"+l.group, &detail)
			if len(detail.Members) != 3 {
				t.Errorf("he is no more in his group: %+v", detail.Members)
			}
			if left, _ := filepath.Glob(filepath.Join(l.c.Data, "backups", "*")); len(left) != 0 {
				t.Errorf("half an archive is left: %v", left)
			}
			if n := l.count("select count(*) from audit where action = 'delete_failed' and subject = ?", l.kim.uuid); n != 1 {
				t.Error("the audit does not say so")
			}
		})
	}
}

func TestArchivesNeedTheirKeysAndExpire(t *testing.T) {
	l := newLeaver(t, "")
	for what, in := range map[string]wire.DeleteUserRequest{
		"no reason": {}, "a short passphrase": {Reason: "x", Passphrase: "short"}, "no key": {Reason: "x", Recipient: "age1x"},
		"an expiry in the past": {Reason: "x", ExpiresAt: &wire.Time{Time: time.UnixMilli(1)}},
	} {
		if a := l.do(request{method: "POST", path: "/api/admin/users/" + l.kim.uuid + "/delete", token: l.boss.token, body: in}); a.status != 400 {
			t.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
	refusedWith(t, "himself", l.do(request{
		method: "POST", path: "/api/admin/users/" + l.boss.uuid + "/delete", token: l.boss.token, body: wire.DeleteUserRequest{Reason: "x"},
	}), 403, wire.ReasonOneself)
	b := l.delete(wire.DeleteUserRequest{Reason: "퇴사", Passphrase: "아주 긴 암호 문구"})
	if b.State != wire.BackupDone || !b.Protected {
		t.Fatalf("%+v", b)
	}
	if _, err := l.open(b, "wrong passphrase"); err == nil {
		t.Error("it opens without its passphrase")
	}
	if _, err := l.open(b, "아주 긴 암호 문구"); err != nil {
		t.Error(err)
	}
	// He could have named a key of his own, and would read alone what others wrote.
	fetch := request{method: "GET", path: "/api/admin/backups/" + b.BackupUUID + "/file", token: l.boss.token}
	refusedWith(t, "an owner fetches what he ordered", l.do(fetch), 403, wire.ReasonOneself)
	if n := l.count("select count(*) from audit where action = 'backup_fetched' and subject = ?", b.BackupUUID); n != 2 {
		t.Errorf("%d downloads are in the audit", n)
	}
	l.ahead.Store(int64(91 * 24 * time.Hour))
	l.stop()
	again := startAt(t, l.c, func() time.Time { return time.Now().Add(91 * 24 * time.Hour) })
	for deadline := time.Now().Add(10 * time.Second); again.count("select count(*) from backups where state = 'expired' and name = ''") == 0; {
		if time.Now().After(deadline) {
			t.Fatal("it does not expire")
		}
	}
	if left, _ := filepath.Glob(filepath.Join(l.c.Data, "backups", "*")); len(left) != 0 {
		t.Errorf("the archive is still there: %v", left)
	}
	if n := again.count("select count(*) from audit where action = 'backup_expired' and subject = ?", b.BackupUUID); n != 1 {
		t.Errorf("its end is in the audit %d times", n)
	}
}

// TestARestartGivesBackWhoWasHalfDeleted: the server was killed while the archive was written.
func TestARestartGivesBackWhoWasHalfDeleted(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			l := newLeaver(t, database)
			half := filepath.Join(l.c.Data, "backups", "0a6a9a0e-5f0e-4a0a-9d53-000000000001.age")
			long := time.Now().Add(-time.Hour).UnixMilli()
			l.exec(`insert into backups (backup_uuid, user_id, was_state, name, reason, state, requested_by, requested_at, updated_at, expires_at)
				select '0a6a9a0e-5f0e-4a0a-9d53-000000000001', id, 'active', name, '퇴사', 'verifying', id, ?, ?, ? from users where user_uuid = ?`,
				long, long, long, l.kim.uuid)
			l.exec("update users set state = 'disabled' where user_uuid = ?", l.kim.uuid)
			if err := errors.Join(os.MkdirAll(filepath.Dir(half), 0o700), os.WriteFile(half, []byte("half"), 0o600)); err != nil {
				t.Fatal(err)
			}
			l.stop()
			again := startAt(t, l.c, time.Now)
			again.login("kim") // before anybody is answered he is in again
			if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("half an archive is left: %v", err)
			}
			if n := again.count("select count(*) from backups where state = 'failed' and failure = 'stopped'"); n != 1 {
				t.Error("the list does not say so")
			}
			if n := again.count("select count(*) from audit where action = 'delete_failed' and subject = ?", l.kim.uuid); n != 1 {
				t.Error("the audit does not say so")
			}
		})
	}
}

func TestTheOriginalsDeleteBacksUpFirst(t *testing.T) {
	l := newLeaver(t, "")
	var reply wire.BackupReply
	l.must(200, request{method: "DELETE", path: fmt.Sprint("/api/delete-user/", l.kim.id), token: l.boss.token}).decode(t, &reply)
	if reply.Message != "사용자 삭제 및 모든 기록 백업 완료" || reply.Backup.State != wire.BackupDone {
		t.Errorf("%+v", reply)
	}
	l.must(404, request{method: "DELETE", path: "/api/delete-user/99999", token: l.boss.token})
}
