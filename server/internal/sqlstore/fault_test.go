package sqlstore_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// TestTwoNodes has two servers of one company write to the same rooms.
func TestTwoNodes(t *testing.T) {
	url := storetest.SharedMariaDB(t).URL(t)
	nodes := []*sqlstore.DB{openURL(t, url), openURL(t, url)}
	storetest.SendToManyRooms(t, nodes, storetest.People(t, nodes[0], 24))
}

// TestDatabaseKilled kills MariaDB under load three times. Whoever got an ack finds his message, once; the others hear
// "unavailable" and succeed when they repeat.
func TestDatabaseKilled(t *testing.T) {
	server := storetest.OwnMariaDB(t)
	db := server.Open(t)
	people := storetest.People(t, db, 20)
	room := storetest.Group(t, db, people...)
	var refused, acked atomic.Int64
	stop := make(chan struct{})
	sent := make([]map[string]int64, len(people)) // client_id → acked seq
	var wg sync.WaitGroup
	for i, p := range people {
		sent[i] = map[string]int64{}
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				d := storetest.Draft(room, p, "x")
				sent[i][d.ClientID] = repeatUntilStored(t, db, d, &refused)
				acked.Add(1)
			}
		})
	}
	for range 3 {
		waitFor(t, &acked, acked.Load()+500)
		server.Kill(t)
		waitFor(t, &refused, refused.Load()+20)
		server.Start(t)
	}
	waitFor(t, &acked, acked.Load()+500)
	close(stop)
	wg.Wait()
	stored := map[string]int64{}
	for _, line := range queryLines(t, sqlstore.Writer(db), "select client_id, seq from messages where kind = 'user' order by seq") {
		id, seq, _ := strings.Cut(line, " | ")
		stored[id] = int64(len(stored) + 2)
		if fmt.Sprint(stored[id]) != seq {
			t.Fatalf("seq %s after %d", seq, len(stored))
		}
	}
	for _, acks := range sent {
		for id, seq := range acks {
			if stored[id] != seq {
				t.Errorf("message %s was acked as %d, stored as %d", id, seq, stored[id])
			}
			delete(stored, id)
		}
	}
	if len(stored) != 0 {
		t.Errorf("%d messages that nobody got an ack for", len(stored))
	}
	t.Logf("acked %d, refused %d, lost 0, duplicated 0", acked.Load(), refused.Load())
}

// repeatUntilStored sends a draft until it is acked, as a client does.
func repeatUntilStored(t *testing.T, db *sqlstore.DB, d chat.Draft, refused *atomic.Int64) int64 {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		stored, err := db.Append(ctx, d)
		if err == nil {
			return stored.Message.Seq
		}
		refused.Add(1)
		if !errs.Is(err, wire.Unavailable) || ctx.Err() != nil {
			t.Errorf("append while the database is down: %v", err)
			return 0
		}
	}
}

func waitFor(t *testing.T, counter *atomic.Int64, want int64) {
	t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for counter.Load() < want {
		select {
		case <-deadline:
			t.Fatalf("counter stays at %d, want %d", counter.Load(), want)
		case <-tick.C:
		}
	}
}

// TestAnswerToCommitLost cuts the connection around a commit, before the server got it and after it did it. Either way
// the sender must learn the truth, at once or by repeating.
func TestAnswerToCommitLost(t *testing.T) {
	for name, after := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			url := storetest.SharedMariaDB(t).URL(t)
			proxy := newCutter(t, url)
			db := openURL(t, proxy.url)
			people := storetest.People(t, db, 2)
			room := storetest.Group(t, db, people...)
			d := storetest.Draft(room, people[0], "한 번만")
			proxy.arm(after)
			stored, err := db.Append(context.Background(), d)
			if proxy.armed.Load() {
				t.Fatal("the connection was not cut")
			}
			if after && (err != nil || stored.Duplicate || stored.Message.Seq != 2) {
				t.Errorf("committed, but the sender hears %+v, %v", stored, err)
			}
			if !after && !errs.Is(err, wire.Unavailable) {
				t.Errorf("not committed, but the sender hears %+v, %v", stored, err)
			}
			again, err := db.Append(context.Background(), d)
			if err != nil || again.Duplicate != after || again.Message.Seq != 2 {
				t.Errorf("repeat: %+v, %v", again, err)
			}
			proxy.arm(after)
			other := storetest.Draft(room, people[1], "다음")
			other.ClientID = uuid.NewString()
			if _, err := db.Append(context.Background(), other); err != nil && !errs.Is(err, wire.Unavailable) {
				t.Errorf("second cut: %v", err)
			}
			if m := repeatUntilStored(t, db, other, new(atomic.Int64)); m != 3 {
				t.Errorf("seq %d, want 3", m)
			}
		})
	}
}

// cutter stands between the store and MariaDB and cuts a connection at the next commit when armed.
type cutter struct {
	url    string
	socket string // the server's
	armed  atomic.Bool
	after  atomic.Bool
}

func newCutter(t *testing.T, url string) *cutter {
	head, rest, _ := strings.Cut(url, "unix(")
	socket, tail, _ := strings.Cut(rest, ")")
	path := filepath.Join(t.TempDir(), "p")
	c := &cutter{url: head + "unix(" + path + ")" + tail, socket: socket}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { c.serve(client) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		conns.Wait()
	})
	return c
}

func (c *cutter) arm(after bool) {
	c.after.Store(after)
	c.armed.Store(true)
}

func (c *cutter) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", c.socket)
	if err != nil {
		return
	}
	defer server.Close()
	var cut atomic.Bool
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if err != nil || cut.Load() {
				return // the commit's answer stays here
			}
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			_ = server.Close()
			<-answered
			return
		}
		if bytes.HasSuffix(buf[:n], []byte("\x03COMMIT")) && c.armed.CompareAndSwap(true, false) {
			if !c.after.Load() {
				_ = server.Close()
				<-answered
				return
			}
			cut.Store(true)
			_, _ = server.Write(buf[:n])
			<-answered
			return
		}
		if _, err = server.Write(buf[:n]); err != nil {
			<-answered
			return
		}
	}
}

// TestDeadlinesHold asks a database that hangs: the listener accepts and says nothing.
func TestDeadlinesHold(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	_, err = sqlstore.Open(ctx, sqlstore.Options{Dir: t.TempDir(), URL: "mysql://u:secret@tcp(" + l.Addr().String() + ")/db", Connect: -1})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("open: %v", err)
	}
}

func TestCallerGivesUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		people := storetest.People(t, db, 1)
		room := storetest.Group(t, db, people...)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := db.Append(ctx, storetest.Draft(room, people[0], "x")); !errs.Is(err, wire.Unavailable) {
			t.Errorf("append: %v", err)
		}
		if _, _, err := db.RoomFor(ctx, people[0].UserID, room.UUID); !errors.Is(err, context.Canceled) {
			t.Errorf("read: %v", err)
		}
		if _, err := db.LeaveRoom(ctx, people[0], room.UUID, 1); err == nil {
			t.Error("a write with an ended context succeeds")
		}
		if _, _, err := db.RoomFor(context.Background(), people[0].UserID, room.UUID); err != nil {
			t.Errorf("the next read: %v", err)
		}
	})
}

// TestTransactionOutOfTime: a deadline that passes between two statements is the database's being slow, and no error of ours.
func TestTransactionOutOfTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		err := sqlstore.Write(ctx, db, func(tx *sql.Tx) error {
			for { // until database/sql has noticed
				if _, err := tx.Exec("select 1"); errors.Is(err, sql.ErrTxDone) {
					return err
				}
			}
		})
		if !errs.Is(err, wire.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
	})
}

func openURL(t testing.TB, url string) *sqlstore.DB {
	t.Helper()
	db, err := sqlstore.Open(context.Background(), sqlstore.Options{URL: url, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}
