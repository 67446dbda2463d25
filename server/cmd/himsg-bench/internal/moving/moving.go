// Package moving tries the move from an original Hi_Msg at full size: it makes an original with its known defects, imports it once in
// one go and once with kill -9 at random moments, compares both, and signs everybody in with the old password. It imports package
// sample for the original and nothing else of the server's inside. Start with Run.
package moving

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/go-sql-driver/mysql"       // the driver "mysql", to make the original and to count with
	_ "github.com/ncruces/go-sqlite3/driver" // and "sqlite3"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/internal/legacy/sample"
	"himsg/shared/wire"
)

// Options say what to try.
type Options struct {
	ServerBin string `required:"" placeholder:"FILE" help:"himsg-server."`
	Database  string `enum:"sqlite,mariadb,both" default:"both" help:"Where the company moves to: sqlite, mariadb or both."`
	People    int    `default:"200" help:"People of the original, 12 or more."`
	Messages  int    `default:"100000" help:"Its messages, 200 or more."`
	Files     int    `default:"2000" help:"Its files."`
	Kills     int    `default:"10" help:"How often the second import is killed."`
	Seed      uint64 `default:"1" help:"The same seed makes the same original and the same moments."`
	Dir       string `placeholder:"DIR" help:"For temporary files; empty: the system's place."`
	Out       string `placeholder:"FILE" help:"Where the results go as JSON."`
}

// Result is what one database came to.
type Result struct {
	Database       string  `json:"database"`
	DryRunSeconds  float64 `json:"dry_run_seconds"`
	ImportSeconds  float64 `json:"import_seconds"` // in one go, checks and search index included
	Kills          int     `json:"kills"`
	Messages       int64   `json:"messages"`
	Files          int64   `json:"files"`
	Bytes          int64   `json:"bytes"`
	Texts          string  `json:"texts_sha256"`
	Contents       string  `json:"files_sha256"`
	SignedIn       int     `json:"signed_in"`
	SignInSeconds  float64 `json:"sign_in_seconds"`
	OldHashesLeft  int     `json:"old_hashes_left"` // of those who signed in
	SameAsInOneGo  bool    `json:"same_as_in_one_go"`
	WhatIsExpected bool    `json:"what_is_expected"`
}

// original is the company that moves.
type original struct {
	data    *rig.Data
	url     string
	uploads string
	truth   sample.Truth
}

// Run tries each database. ok: nothing is missing, doubled or different, and everybody got in.
func Run(ctx context.Context, o Options, w io.Writer) (ok bool, err error) {
	old, err := makeOriginal(ctx, o, w)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, old.data.Close()) }()
	ok = true
	var results []Result
	for _, kind := range rig.Kinds(o.Database) {
		r, err := old.move(ctx, o, kind, w)
		if err != nil {
			return false, err
		}
		text, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return false, err
		}
		fmt.Fprintf(w, "%s\n", text)
		results = append(results, r)
		ok = ok && r.SameAsInOneGo && r.WhatIsExpected && r.OldHashesLeft == 0 && r.SignedIn == len(old.truth.Passwords)
	}
	if o.Out != "" {
		err = rig.WriteReport(o.Out, rig.NewReport(results))
	}
	return ok, err
}

func makeOriginal(ctx context.Context, o Options, w io.Writer) (*original, error) {
	data, err := rig.NewData(ctx, rig.MariaDB, o.Dir)
	if err != nil {
		return nil, err
	}
	old := &original{data: data, uploads: filepath.Join(data.Dir, "chat_files")}
	_, dsn, err := data.Scratch(ctx, "hi_msg_db")
	if err != nil {
		return nil, errors.Join(err, data.Close())
	}
	old.url = "mysql://" + dsn
	db, err := sql.Open("mysql", dsn+"?sql_mode=%27%27")
	if err != nil {
		return nil, errors.Join(err, data.Close())
	}
	defer db.Close()
	began := rig.Now()
	old.truth, err = sample.Make(ctx, db, old.uploads, sample.Options{
		People: o.People, Messages: o.Messages, Files: o.Files, Seed: o.Seed, Now: began,
	})
	if err != nil {
		return nil, errors.Join(err, data.Close())
	}
	t := old.truth
	fmt.Fprintf(w, "original made in %.1f s: %d people, %d messages to come and %d to stay, %d files (%d bytes); overwritten %d, missing %d, refused %d\n",
		rig.Now().Sub(began).Seconds(), t.People, t.Messages, t.Stay, t.Files, t.Bytes, t.Overwritten, t.Missing, t.Refused)
	return old, nil
}

// sums are a report's.
type sums struct {
	Messages int64  `json:"messages"`
	Files    int64  `json:"files"`
	Bytes    int64  `json:"bytes"`
	Texts    string `json:"texts_sha256"`
	Contents string `json:"files_sha256"`
}

// run does one import; at most so long, if it is above 0, and then kill -9. killed: it did not end by itself before.
func (old *original) run(ctx context.Context, o Options, target []string, limit time.Duration, more ...string) (killed bool, err error) {
	args := append([]string{"import-legacy", "--original", old.url, "--original-files", old.uploads}, target...)
	cmd := exec.CommandContext(ctx, o.ServerBin, append(args, more...)...) //nolint:gosec // G204: the binary that is tried
	cmd.SysProcAttr = rig.EndWithParent()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return false, fmt.Errorf("start the import: %w", err)
	}
	if limit > 0 {
		timer := time.AfterFunc(limit, func() { _ = cmd.Process.Kill() }) // it may have ended
		defer timer.Stop()
	}
	if err = cmd.Wait(); err == nil {
		return false, nil
	}
	if limit > 0 && cmd.ProcessState.ExitCode() == -1 {
		return true, nil
	}
	return false, fmt.Errorf("import: %w: %s", err, out.String())
}

func (old *original) move(ctx context.Context, o Options, kind rig.Kind, w io.Writer) (r Result, err error) {
	r.Database = string(kind)
	data := old.data // its MariaDB has room for the new server too
	if kind == rig.SQLite {
		if data, err = rig.NewData(ctx, kind, o.Dir); err != nil {
			return r, err
		}
		defer func() { err = errors.Join(err, data.Close()) }()
	}
	once := []string{"--data", filepath.Join(data.Dir, "once")}
	if kind == rig.MariaDB {
		_, dsn, err := data.Scratch(ctx, "once")
		if err != nil {
			return r, err
		}
		once = append(once, "--database", "mysql://"+dsn)
	}
	whole, err := old.inOneGo(ctx, o, once, filepath.Join(data.Dir, "report"), &r)
	if err != nil {
		return r, err
	}
	fmt.Fprintf(w, "%s: in one go in %.1f s (dry run %.1f s)\n", kind, r.ImportSeconds, r.DryRunSeconds)
	broken, err := old.inPieces(ctx, o, data, &r, w)
	if err != nil {
		return r, err
	}
	r.SameAsInOneGo = broken == whole || broken == sums{} // it was killed after its end, in the search index: its rows are counted below
	r.Messages, r.Files, r.Bytes, r.Texts, r.Contents = whole.Messages, whole.Files, whole.Bytes, whole.Texts, whole.Contents
	t := old.truth
	r.WhatIsExpected = whole.Messages == int64(t.Messages) && whole.Files == int64(t.Files) && whole.Bytes == t.Bytes
	err = old.signIn(ctx, o, data, &r)
	return r, err
}

// inOneGo imports without an interruption.
func (old *original) inOneGo(ctx context.Context, o Options, target []string, report string, r *Result) (sums, error) {
	began := rig.Now()
	if _, err := old.run(ctx, o, target, 0, "--dry-run"); err != nil {
		return sums{}, err
	}
	r.DryRunSeconds = rig.Now().Sub(began).Seconds()
	began = rig.Now()
	if _, err := old.run(ctx, o, target, 0, "--report", report); err != nil {
		return sums{}, err
	}
	r.ImportSeconds = rig.Now().Sub(began).Seconds()
	return readSums(report)
}

// inPieces kills the import at random moments of the time that it takes, and then lets it end.
func (old *original) inPieces(ctx context.Context, o Options, data *rig.Data, r *Result, w io.Writer) (sums, error) {
	// MySQL can't take back a half migration, and a new server's schema is no part of the import.
	migrate := exec.CommandContext(ctx, o.ServerBin, append([]string{"migrate"}, data.Args()...)...) //nolint:gosec // G204: as in run
	if out, err := migrate.CombinedOutput(); err != nil {
		return sums{}, fmt.Errorf("migrate: %w: %s", err, out)
	}
	rng := rand.New(rand.NewPCG(o.Seed, 9)) //nolint:gosec // the same moments each time
	// Each run reads the original first, which takes about as long as a dry run, and then goes on a part of the way.
	most := r.DryRunSeconds + r.ImportSeconds/float64(max(o.Kills, 1))
	for r.Kills < o.Kills {
		limit := time.Duration(rng.Float64() * most * float64(time.Second))
		killed, err := old.run(ctx, o, data.Args(), limit)
		if err != nil {
			return sums{}, err
		}
		if !killed {
			break // it was done before
		}
		r.Kills++
		fmt.Fprintf(w, "killed after %.1f s\n", limit.Seconds())
	}
	report := filepath.Join(data.Dir, "report-pieces")
	if _, err := old.run(ctx, o, data.Args(), 0, "--report", report); err != nil {
		return sums{}, err
	}
	return readSums(report)
}

// readSums reads what was read back.
func readSums(dir string) (sums, error) {
	var report struct {
		Target sums `json:"target"` // absent if all was imported before
	}
	text, err := os.ReadFile(filepath.Join(dir, "import-legacy.json")) //nolint:gosec // our own folder
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	if err != nil {
		return sums{}, fmt.Errorf("read the report: %w", err)
	}
	return report.Target, nil
}

// signIn lets everybody in with the old password, and looks what is stored afterwards.
func (old *original) signIn(ctx context.Context, o Options, data *rig.Data, r *Result) (err error) {
	server, err := rig.NewServer(o.ServerBin, data)
	if err != nil {
		return err
	}
	if err := server.Start(ctx); err != nil {
		return err
	}
	began := rig.Now()
	for username, password := range old.truth.Passwords {
		if err := enter(ctx, server.URL(), username, password); err != nil {
			return errors.Join(err, server.Stop())
		}
		r.SignedIn++
	}
	r.SignInSeconds = rig.Now().Sub(began).Seconds()
	if err := server.Stop(); err != nil {
		return err
	}
	driver, dsn := data.Source()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer db.Close()
	var messages, files int64
	err = db.QueryRowContext(ctx, "select (select count(*) from messages), (select count(*) from message_files)").Scan(&messages, &files)
	if err != nil {
		return fmt.Errorf("count: %w", err)
	}
	r.SameAsInOneGo = r.SameAsInOneGo && messages == r.Messages && files == r.Files
	rows, err := db.QueryContext(ctx, "select username from users where state = 'active' and password_hash not like '$argon2id$v=19$m=19456,t=2,p=1$%'")
	if err != nil {
		return fmt.Errorf("read the hashes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var username string
		if err := rows.Scan(&username); err != nil {
			return fmt.Errorf("read the hashes: %w", err)
		}
		if _, in := old.truth.Passwords[username]; in {
			r.OldHashesLeft++
		}
	}
	return rows.Err()
}

func enter(ctx context.Context, url, username, password string) error {
	//nolint:gosec // G117: a password is what a sign-in is made of
	body, err := json.Marshal(wire.LoginRequest{Username: username, Password: password})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/login", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1000)) // it says why
		return fmt.Errorf("sign in %s: %d %s", username, resp.StatusCode, strings.TrimSpace(string(text)))
	}
	return nil
}
