package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/server/cmd/himsg-bench/internal/bare"
	"himsg/server/cmd/himsg-bench/internal/cargo"
	"himsg/server/cmd/himsg-bench/internal/fanout"
	"himsg/server/cmd/himsg-bench/internal/faults"
	"himsg/server/cmd/himsg-bench/internal/finding"
	"himsg/server/cmd/himsg-bench/internal/founding"
	"himsg/server/cmd/himsg-bench/internal/growth"
	"himsg/server/cmd/himsg-bench/internal/pages"
	"himsg/server/cmd/himsg-bench/internal/reads"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/cmd/himsg-bench/internal/sockets"
	"himsg/server/cmd/himsg-bench/internal/speed"
	"himsg/server/cmd/himsg-bench/internal/starting"
	"himsg/server/cmd/himsg-bench/internal/table"
	"himsg/shared/wire"
)

// bareOptions are the flags of that process.
func bareOptions(args []string) (o bare.Options) {
	if len(args) == 2 && args[0] == "--store" {
		o.Store = args[1]
	}
	return o
}

// TestMain is also the bare server, which the bench starts as itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "bare" {
		if err := bare.Serve(context.Background(), bareOptions(os.Args[2:]), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// buildServer makes the binary that is judged.
func buildServer(ctx context.Context, t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "himsg-server")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "himsg/server/cmd/himsg-server").CombinedOutput()
	if err != nil {
		t.Fatalf("build server: %v\n%s", err, out)
	}
	return binary
}

// TestFaultsShort: the real server, killed a few times on each database, keeps what it acknowledged. All faults are in
// "make faults"; most of them want root.
func TestFaultsShort(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	var out bytes.Buffer
	ok, err := faults.Run(ctx, faults.Options{
		ServerBin: buildServer(ctx, t), Fault: []string{"kill-9"}, Database: "both", Short: true, Seed: 7, Dir: t.TempDir(),
	}, &out)
	t.Log(out.String())
	if err != nil || !ok {
		t.Fatalf("ok %v, %v", ok, err)
	}
}

// TestReadsShort: everyone hears that all have read, in a room of either kind.
func TestReadsShort(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	binary := buildServer(ctx, t)
	for name, members := range map[string]int{"named": 5, "histogram": 110} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := reads.Run(ctx, reads.Options{
				ServerBin: binary, Database: "sqlite", Members: members, Rounds: 2, Dir: t.TempDir(),
				Out: filepath.Join(t.TempDir(), "reads.json"),
			}, &out)
			t.Log(out.String())
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestSpeedShort: the bench measures what it says; its figures are for nobody.
func TestSpeedShort(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var out bytes.Buffer
	results := filepath.Join(t.TempDir(), "bench", "results.json")
	err := speed.Run(ctx, speed.Options{
		ServerBin: buildServer(ctx, t), Database: "sqlite", Pairs: 3, Rate: 50, Duration: 500 * time.Millisecond,
		Dir: t.TempDir(), Out: results,
	}, &out)
	t.Log(out.String())
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 6 {
		t.Errorf("%d lines, want the head, quiet, its bare line and three full ones", lines)
	}
	if body, err := os.ReadFile(results); err != nil || !bytes.Contains(body, []byte("received_p99_ms")) {
		t.Errorf("results: %v\n%s", err, body)
	}
}

// TestFilesShort: files go up and down, one and two at once, each beside its limit, and nothing of them is left.
func TestFilesShort(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var out bytes.Buffer
	dir, results := t.TempDir(), filepath.Join(t.TempDir(), "bench", "files.json")
	err := cargo.Run(ctx, cargo.Options{
		ServerBin: buildServer(ctx, t), Database: "sqlite", Sizes: []int{1}, AtOnce: 2, Most: 2, Rounds: 2, Dir: dir, Out: results,
	}, &out)
	t.Log(out.String())
	if err != nil {
		t.Fatal(err)
	}
	if up, down := strings.Count(out.String(), " up "), strings.Count(out.String(), " down "); up != 2 || down != 2 {
		t.Errorf("%d lines of up and %d of down, want 2 each", up, down)
	}
	if body, err := os.ReadFile(results); err != nil || !bytes.Contains(body, []byte("limit_mb_per_second")) {
		t.Errorf("results: %v\n%s", err, body)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// TestSearchShort: every kind of word is searched for on both databases, and what was written is found.
func TestSearchShort(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var out bytes.Buffer
	results := filepath.Join(t.TempDir(), "bench", "search.json")
	err := finding.Run(ctx, finding.Options{
		Database: "both", Messages: 3000, Rooms: 60, Repeat: 5, Dir: t.TempDir(), Out: results,
	}, &out)
	t.Log(out.String())
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"frequent", "phrase", "latin"} {
		if n := strings.Count(out.String(), " "+word); n != 6 {
			t.Errorf("%d lines of %s, want 3 people on 2 databases", n, word)
		}
	}
	if strings.Contains(out.String(), "frequent        0") || !strings.Contains(out.String(), "index of 3000 messages") {
		t.Error("no index, or nothing found")
	}
	if body, err := os.ReadFile(results); err != nil || !bytes.Contains(body, []byte("p99_ms")) {
		t.Errorf("results: %v\n%s", err, body)
	}
}

// TestGrowthShort: every work is done in companies of two sizes, and what should be flat is compared.
func TestGrowthShort(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	var out bytes.Buffer
	rows, err := growth.Measure(ctx, growth.Options{ServerBin: buildServer(ctx, t), Database: "sqlite", Short: true, Dir: t.TempDir(), Out: filepath.Join(t.TempDir(), "growth.json")}, &out)
	if err != nil {
		t.Fatal(err)
	}
	works, at := map[string]bool{}, map[growth.Axis]map[int]bool{}
	for _, r := range rows {
		works[r.Work] = true
		if at[r.Axis] == nil {
			at[r.Axis] = map[int]bool{}
		}
		at[r.Axis][r.At] = true
		if r.Ours <= 0 || r.Machine <= 0 {
			t.Errorf("%+v", r)
		}
	}
	if len(works) != 14 || len(at[growth.People]) != 2 || len(at[growth.Members]) != 2 {
		t.Errorf("%d works: %v; %v", len(works), works, at)
	}
	if flat := growth.Rows(rows); len(flat) != 11 {
		t.Errorf("%d works are compared: %+v", len(flat), flat)
	}
	if page := growth.Markdown("today", rows); strings.Count(page, "\n| ") < len(rows) {
		t.Error(page)
	}
}

// TestFounding: a company that was made in a database's own words is one: its people come with their sessions and find their rooms, what
// was said in them, and each other.
func TestFounding(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	var company *founding.Company
	found := func(data *rig.Data) (err error) {
		company, err = founding.Found(ctx, data, founding.Options{
			People: 40, SignedIn: 15, Block: 20, Rooms: 3, Messages: 100, Texts: []string{"안녕하세요", "report"},
		})
		return err
	}
	err := rig.WithCompany(ctx, buildServer(ctx, t), t.TempDir(), rig.MariaDB, 2, found, func(server *rig.Server, _ *rig.Data) error {
		people, err := company.People(ctx, 15, server.URL())
		if err != nil {
			return err
		}
		lines, hangUp, err := rig.Connect(ctx, people[14:])
		defer hangUp()
		if err != nil {
			return err
		}
		var reply wire.SyncReply
		if err := lines[0].Conn.Call(ctx, wire.OpSync, wire.SyncRequest{Rooms: map[string][2]int64{}}, &reply); err != nil {
			return err
		}
		uuids, revs := company.Rooms(14)
		for _, r := range reply.Rooms {
			i := slices.Index(uuids, r.RoomUUID)
			if i < 0 || r.Rev != revs[i] || r.LastSeq != revs[i]-1 || r.MemberCount != 20 || r.LastMessage == nil || r.My.UnreadCount > 0 {
				t.Errorf("room %d of %d: %+v", i, len(uuids), r)
			}
		}
		page, err := people[14].Session.Directory(ctx, 0, 0)
		if len(reply.Rooms) != 3 || len(page.Users) != 42 {
			t.Errorf("%d rooms, %d colleagues", len(reply.Rooms), len(page.Users))
		}
		for _, p := range people {
			p.Close()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLimitsShort: connections, a room's deliveries, pages and starts are measured, those with a limit beside it.
func TestLimitsShort(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // a busy machine is no failure
	defer cancel()
	binary, dir := buildServer(ctx, t), t.TempDir()
	for name, m := range map[string]struct {
		measure       func() ([]table.Row, error)
		rows, limited int
	}{
		"sockets": {func() ([]table.Row, error) {
			return sockets.Measure(ctx, sockets.Options{ServerBin: binary, Sessions: 10, Settle: time.Second, Dir: dir})
		}, 6, 4},
		"fanout": {func() ([]table.Row, error) {
			return fanout.Measure(ctx, fanout.Options{
				ServerBin: binary, Database: "sqlite", Members: []int{6}, Writers: 2, Duration: 500 * time.Millisecond, Dir: dir,
			})
		}, 1, 1},
		"pages": {func() ([]table.Row, error) {
			return pages.Measure(ctx, pages.Options{
				ServerBin: binary, Database: "sqlite", Messages: 200, Rooms: 5, Duration: 500 * time.Millisecond, Dir: dir,
			})
		}, 4, 1},
		"starting": {func() ([]table.Row, error) {
			return starting.Measure(ctx, starting.Options{ServerBin: binary, Database: "sqlite", Messages: 100, Starts: 1, SignIns: 4, Dir: dir})
		}, 6, 1},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := m.measure()
			if err != nil {
				t.Fatal(err)
			}
			limited := 0
			for _, r := range rows {
				if r.Limit > 0 {
					limited++
				}
			}
			if len(rows) != m.rows || limited != m.limited {
				t.Errorf("%d rows, %d of them with a limit: %+v", len(rows), limited, rows)
			}
		})
	}
}
