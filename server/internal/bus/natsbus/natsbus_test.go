package natsbus_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/goleak"

	"himsg/server/internal/bus"
	"himsg/server/internal/bus/natsbus"
	"himsg/server/internal/bus/natstest"
	"himsg/shared/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const roomUUID = "0195a0a0-0000-7000-8000-000000000001"

func startNATS(t *testing.T) *natstest.Server {
	t.Helper()
	s, err := natstest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// node is a bus and what its subscriber heard.
type node struct {
	*natsbus.Bus
	mu    sync.Mutex
	heard []bus.Event
}

func open(t *testing.T, url, name string, change ...func(*natsbus.Options)) *node {
	t.Helper()
	o := natsbus.Options{
		URLs: []string{url}, Secret: bytes.Repeat([]byte{7}, 32), Node: name, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
	}
	for _, fn := range change {
		fn(&o)
	}
	b, err := natsbus.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	n := &node{Bus: b}
	b.Subscribe(func(e bus.Event) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.heard = append(n.heard, e)
	})
	t.Cleanup(b.Close)
	return n
}

func (n *node) events() []bus.Event {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.heard)
}

// until waits for something that must come true.
func until(t *testing.T, what string, fn func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); !fn(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// meet waits until all nodes hear each other.
func meet(t *testing.T, nodes ...*node) {
	t.Helper()
	for _, n := range nodes {
		until(t, "the nodes hear each other", func() bool { return len(n.Others()) == len(nodes)-1 })
	}
}

func message(rev int64) bus.Event {
	return bus.Event{
		Ev: wire.EvMessage, Data: json.RawMessage(fmt.Sprintf(`{"rev":%d,"text":"안녕하세요 여러분"}`, rev)), RoomID: 5, RoomUUID: roomUUID, Rev: rev,
	}
}

func TestARoomsEventsReachTheNodesThatWatchItInOrder(t *testing.T) {
	s := startNATS(t)
	a, b, c := open(t, s.URL(), "a"), open(t, s.URL(), "b"), open(t, s.URL(), "c")
	meet(t, a, b, c)
	before := s.Interest()
	b.Watch(5)
	until(t, "the watch is known", func() bool { return s.Interest() == before+1 })
	const n = 5000
	for rev := range int64(n) {
		a.Publish(context.Background(), message(rev+1))
	}
	until(t, "all arrive", func() bool { return len(b.events()) == n && len(a.events()) == n })
	for i, e := range b.events() {
		if e.Rev != int64(i+1) || e.RoomID != 5 || e.RoomUUID != roomUUID || string(e.Data) != string(message(e.Rev).Data) {
			t.Fatalf("event %d is %+v", i, e)
		}
	}
	a.Publish(context.Background(), bus.Event{Ev: wire.EvNotices, Data: json.RawMessage(`{"rev":1}`)})
	until(t, "what is for everybody reaches all", func() bool { return len(c.events()) == 1 })
	if got := c.Figures().Received; got > 100 {
		t.Errorf("a node that does not watch the room was sent %d messages", got)
	}
	heard := len(c.events())
	joined, line, much := message(n+1), message(n+2), message(n+3)
	joined.Ev, joined.RoomID, joined.Join = wire.EvRoom, 6, []int64{7}
	line.RoomID, much.RoomID = 6, 5
	for _, e := range []bus.Event{joined, line, much} {
		a.Publish(context.Background(), e)
	}
	until(t, "who joins is told, and the line behind it", func() bool { return len(c.events()) == heard+2 })
	b.Unwatch(5)
	until(t, "the watch is over", func() bool { return s.Interest() == before })
}

func TestEveryFieldOfAnEventArrives(t *testing.T) {
	s := startNATS(t)
	a, b := open(t, s.URL(), "a"), open(t, s.URL(), "b")
	meet(t, a, b)
	sent := []bus.Event{
		{
			Ev: wire.EvRoom, Data: json.RawMessage(`{"x":1}`), RoomID: 5, RoomUUID: roomUUID, Rev: 9, Join: []int64{1, 2}, Leave: []int64{3}, Except: 4,
			Personal: map[int64]json.RawMessage{1: json.RawMessage(`{"mine":true}`), 2: nil},
		},
		{Ev: wire.EvAdmin, Data: json.RawMessage(`{}`), AdminsOnly: true, Users: []int64{8}},
		{Revoked: []string{"s1", "s2"}, RevokedFor: wire.ReasonDisabled, Reread: []string{"s3"}},
	}
	for _, e := range sent {
		a.Publish(context.Background(), e)
	}
	until(t, "all arrive", func() bool { return len(b.events()) == len(sent) })
	for i, e := range b.events() {
		if got, want := fmt.Sprintf("%+v", e), fmt.Sprintf("%+v", sent[i]); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if i == 0 && len(e.Personal[2]) != 0 {
			t.Error("who is told nothing is told something")
		}
	}
}

func TestNATSSeesNoContentsAndForgesNothing(t *testing.T) {
	s := startNATS(t)
	a := open(t, s.URL(), "a")
	thief, err := nats.Connect(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer thief.Close()
	tapped := make(chan *nats.Msg, 1000)
	if _, err := thief.ChanSubscribe(">", tapped); err != nil {
		t.Fatal(err)
	}
	if err := thief.Flush(); err != nil {
		t.Fatal(err)
	}
	a.Publish(context.Background(), message(1))
	b := open(t, s.URL(), "b")
	meet(t, a, b)
	var seen *nats.Msg
	for seen == nil {
		select {
		case m := <-tapped:
			if bytes.Contains(m.Data, []byte("안녕")) || bytes.Contains(m.Data, []byte(roomUUID)) {
				t.Fatal("contents can be read")
			}
			if bytes.Contains([]byte(m.Subject), []byte(".room.5")) {
				seen = m
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the event was not sent")
		}
	}
	// What was tapped is no event of another subject, and what is made up is none at all.
	everybody := seen.Subject[:len(seen.Subject)-len("room.5")] + "all"
	for _, forged := range [][]byte{seen.Data, []byte("{}"), {}, bytes.Repeat([]byte{1}, 500)} {
		if err := thief.Publish(everybody, forged); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "all of it is refused", func() bool { return b.Figures().Unreadable == 4 })
	if got := b.events(); len(got) != 0 {
		t.Errorf("forged: %+v", got)
	}
	elsewhere := func(o *natsbus.Options) { o.Secret = bytes.Repeat([]byte{8}, 32) }
	other, twin := open(t, s.URL(), "a", elsewhere), open(t, s.URL(), "b", elsewhere)
	meet(t, other, twin)
	other.Publish(context.Background(), bus.Event{Revoked: []string{"s"}})
	until(t, "it is heard in its own company", func() bool { return len(twin.events()) == 1 })
	a.Publish(context.Background(), bus.Event{Revoked: []string{"ours"}}) // NATS hands it out behind the other one
	until(t, "the next one is heard", func() bool { return len(b.events()) > 0 })
	if got := b.events(); len(got) != 1 || got[0].Revoked[0] != "ours" || len(other.Others()) != 1 {
		t.Errorf("another company is heard: %+v", got)
	}
}

func TestAnOutageIsNoticedAndOver(t *testing.T) {
	s := startNATS(t)
	a, b := open(t, s.URL(), "a"), open(t, s.URL(), "b")
	meet(t, a, b)
	if state := b.State(); state.Deaf || state.Outages != 0 {
		t.Fatalf("%+v at first", state)
	}
	s.Stop()
	until(t, "the outage is noticed", func() bool { return a.State().Deaf && b.State().Deaf })
	began := time.Now()
	for rev := range int64(50_000) { // more than any queue holds
		a.Publish(context.Background(), message(rev+1))
	}
	t.Logf("50,000 events without NATS took %v", time.Since(began))
	until(t, "this node's own sessions hear all that fits", func() bool { return len(a.events()) > 10_000 })
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the outage is over", func() bool {
		x, y := a.State(), b.State()
		return !x.Deaf && !y.Deaf && x.Outages > 0 && y.Outages > 0
	})
	until(t, "events come again", func() bool {
		// What waits since the outage may still fill the queue, which drops what does not fit.
		a.Publish(context.Background(), bus.Event{Ev: wire.EvNotices, Data: json.RawMessage(`{"rev":2}`)})
		return slices.ContainsFunc(b.events(), func(e bus.Event) bool { return e.Ev == wire.EvNotices })
	})
}

func TestASilentNodeIsNoticedAndAGoodbyeIsNone(t *testing.T) {
	s := startNATS(t)
	var mu sync.Mutex
	skip := time.Duration(0)
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return time.Now().Add(skip)
	}
	a, b := open(t, s.URL(), "a"), open(t, s.URL(), "b", func(o *natsbus.Options) { o.Clock = clock })
	meet(t, a, b)
	mu.Lock()
	skip = 5 * time.Second // in which nothing was heard
	mu.Unlock()
	if !b.State().Deaf {
		t.Error("a silent node is not noticed")
	}
	until(t, "it is heard again, and something was lost", func() bool { return !b.State().Deaf && b.State().Outages == 1 })
	b.Expect([]string{"a", "z"})
	if !b.State().Deaf {
		t.Error("a node that is there and was never heard is not noticed")
	}
	b.Expect(nil)
	a.Close()
	until(t, "it is gone", func() bool { return len(b.Others()) == 0 })
	if state := b.State(); state.Deaf || state.Outages != 1 {
		t.Errorf("after a goodbye: %+v", state)
	}
}

func TestNodesTellEachOtherByTopics(t *testing.T) {
	s := startNATS(t)
	a, b := open(t, s.URL(), "a"), open(t, s.URL(), "b")
	heard := make(chan string, 10)
	b.Hear("x", func(node string, data []byte) { heard <- node + " " + string(data) })
	meet(t, a, b)
	a.Tell("y", []byte("nobody hears this"))
	a.Tell("x", []byte("안녕"))
	if got := <-heard; got != "a 안녕" {
		t.Errorf("heard %q", got)
	}
}

func TestAServerStartsWithoutNATS(t *testing.T) {
	s := startNATS(t)
	s.Stop()
	a := open(t, s.URL(), "a")
	a.Publish(context.Background(), message(1))
	until(t, "its own sessions hear it", func() bool { return len(a.events()) == 1 })
	if !a.State().Deaf {
		t.Error("it thinks that it hears the others")
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "it connects", func() bool { return a.Connected() && a.State().Outages == 1 })
}

func TestSettingsThatCantWorkAreRefused(t *testing.T) {
	for name, change := range map[string]func(*natsbus.Options){
		"no credentials there": func(o *natsbus.Options) { o.Creds = "/nowhere/x.creds" },
		"no authority there":   func(o *natsbus.Options) { o.CA = "/nowhere/ca.pem" },
		"no certificate there": func(o *natsbus.Options) { o.Cert, o.Key = "/nowhere/x.pem", "/nowhere/x.key" },
		"a short secret":       func(o *natsbus.Options) { o.Secret = o.Secret[:5] },
	} {
		t.Run(name, func(t *testing.T) {
			o := natsbus.Options{
				URLs: []string{"nats://127.0.0.1:1"}, Secret: bytes.Repeat([]byte{7}, 32), Node: "a", Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
			}
			change(&o)
			b, err := natsbus.Open(o)
			if err == nil {
				b.Close()
				t.Fatal("taken")
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x1b{\"node\":\"a\",\"ev\":\"notices\"}{\"rev\":1}"))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01{}"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, p []byte) {
		if len(p) < 1<<16 {
			_ = natsbus.Decode(p)
		}
	})
}
