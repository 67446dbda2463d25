package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/legacy"
	"himsg/server/internal/legacy/sample"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// get asks a server as a client of the original did.
func get(t *testing.T, addr, token, path string) (status int, body []byte) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

// TestACompanyMovesInOneEvening goes the way of an operator: an account that may only read, a dry run, the import, the first morning.
func TestACompanyMovesInOneEvening(t *testing.T) {
	maria := storetest.SharedMariaDB(t)
	old, uploads := maria.EmptyURL(t), t.TempDir()
	dsn := strings.TrimPrefix(old, "mysql://")
	db, err := sql.Open("mysql", dsn+"?sql_mode=%27%27")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	truth, err := sample.Make(context.Background(), db, uploads, sample.Options{People: 14, Messages: 300, Files: 30, Seed: 2, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	name := dsn[strings.LastIndex(dsn, "/")+1:]
	for _, statement := range []string{
		"create user if not exists mover identified by 'read only'", "grant select on " + name + ".* to mover",
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	old = strings.Replace(old, "root@", "mover:read only@", 1)
	for kind, database := range databases(t) {
		t.Run(kind, func(t *testing.T) {
			data := append([]string{"--data", filepath.Join(t.TempDir(), "data")}, database...)
			reports := t.TempDir()
			args := append([]string{"import-legacy", "--original", old, "--original-files", uploads, "--report", reports, "--owner", truth.Admin}, data...)

			out := must(t, "", append(slices.Clone(args), "--dry-run")...)
			if !strings.Contains(out, "nothing was changed") || !strings.Contains(out, string(legacy.KindFileRefused)) {
				t.Errorf("the dry run says %s", out)
			}
			if _, err := os.Stat(data[1]); err == nil {
				t.Error("the dry run made a data directory")
			}
			var planned, done legacy.Report
			readReport(t, reports, &planned)
			out = must(t, "", append(slices.Clone(args), "--language", "ko")...)
			if !strings.Contains(out, "같음") {
				t.Errorf("the import says %s", out)
			}
			readReport(t, reports, &done)
			if planned.Source.Messages != done.Target.Messages || planned.Source.Files != done.Target.Files || done.Source != *done.Target {
				t.Errorf("planned %+v, there %+v, here %+v", planned.Source, done.Source, done.Target)
			}
			firstMorning(t, serveUntilEnd(t, data...), truth)
		})
	}
}

func readReport(t *testing.T, dir string, into *legacy.Report) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "import-legacy.json"))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile(filepath.Join(dir, "import-legacy.csv"))
	if err != nil || bytes.Count(rows, []byte("\r\n")) != len(into.Problems)+1 {
		t.Errorf("%v: %d lines for %d problems", err, bytes.Count(rows, []byte("\r\n")), len(into.Problems))
	}
}

// firstMorning: people sign in with their old passwords and find what they had, by the ways of the original.
func firstMorning(t *testing.T, addr string, truth sample.Truth) {
	t.Helper()
	messages, files, conversations := map[int64]bool{}, 0, 0
	for username, password := range truth.Passwords {
		status, in := login(t, addr, username, password)
		if status != 200 || in.User.Role == wire.RoleOwner != (username == truth.Admin) {
			t.Fatalf("%s: %d, %s", username, status, in.User.Role)
		}
		var rooms []struct {
			UUID    string `json:"uuid"`
			IsGroup bool   `json:"is_group"`
		}
		if status, body := get(t, addr, in.Token, "/api/chat-rooms"); status != 200 || json.Unmarshal(body, &rooms) != nil {
			t.Fatalf("rooms: %d %s", status, body)
		}
		for _, r := range rooms {
			conversations++
			path := "/api/messages/" + r.UUID
			if r.IsGroup {
				path = "/api/chat-rooms/" + r.UUID
			}
			_, body := get(t, addr, in.Token, path)
			for _, m := range listed(t, body) {
				if m.FileName != nil && !messages[m.MessageID] {
					files++
					if status, _ := get(t, addr, in.Token, "/api/download-file/"+id(m.MessageID)); status != 200 {
						t.Errorf("file of message %d: %d", m.MessageID, status)
					}
				}
				messages[m.MessageID] = true
			}
		}
	}
	if conversations == 0 || len(messages) < truth.Messages*9/10 || files < truth.Files/2 {
		t.Errorf("%d conversations, %d of %d messages, %d of %d files", conversations, len(messages), truth.Messages, files, truth.Files)
	}
}

type listedMessage struct {
	MessageID int64   `json:"message_id"`
	FileName  *string `json:"file_name"`
}

// listed are the messages of a history, of two or of a group.
func listed(t *testing.T, body []byte) (list []listedMessage) {
	t.Helper()
	var group struct {
		Messages []listedMessage `json:"messages"`
	}
	if json.Unmarshal(body, &list) != nil {
		if err := json.Unmarshal(body, &group); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
		list = group.Messages
	}
	return list
}

func id(n int64) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestWhatIsNoOriginalIsRefused(t *testing.T) {
	maria := storetest.SharedMariaDB(t)
	base := []string{"import-legacy", "--data", filepath.Join(t.TempDir(), "data")}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no address":         {nil, exitUsage, "--original"},
		"another address":    {[]string{"--original", "postgres://x"}, exitUsage, "mysql://"},
		"no such server":     {[]string{"--original", "mysql://a:geheim@tcp(127.0.0.1:1)/x"}, exitFailed, "127.0.0.1:1"},
		"an empty database":  {[]string{"--original", maria.EmptyURL(t)}, exitFailed, "not the database of an original"},
		"no folder":          {[]string{"--original", maria.EmptyURL(t), "--original-files", "/nowhere/at/all"}, exitFailed, "original's"},
		"no zone":            {[]string{"--original", maria.EmptyURL(t), "--zone", "Seoul"}, exitUsage, "Asia/Seoul"},
		"days below nothing": {[]string{"--original", maria.EmptyURL(t), "--unread-days=-1"}, exitUsage, "--unread-days"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errs := command(t, "", append(slices.Clone(base), c.args...)...)
			if code != c.code || !strings.Contains(errs, c.says) || strings.Contains(errs, "geheim") {
				t.Errorf("exit %d: %s", code, errs)
			}
		})
	}
}
