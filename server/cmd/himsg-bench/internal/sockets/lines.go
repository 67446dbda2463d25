package sockets

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	// atATime is how many connect side by side: more than two cores have work for.
	atATime = 64
	// onlineTime bounds how long everybody may take to come.
	onlineTime = 2 * time.Minute
)

// line is one person's connection. It is online when its first sync is answered: until then nobody can use it.
type line struct {
	all    *lines
	conn   *client.Conn
	first  func() // called when it is online for the first time, or ended
	online bool
}

// lines are everybody's.
type lines struct {
	people []rig.Person
	stop   context.CancelFunc
	ended  sync.WaitGroup

	mu     sync.Mutex
	online int
	want   int           // of online
	there  chan struct{} // closed when so many are online
	lost   atomic.Int64  // connections that ended
}

// Admit implements client.Handler.
func (*line) Admit(context.Context, wire.Welcome) error { return nil }

// Events implements client.Handler.
func (*line) Events(context.Context, []client.Event) {}

// Link implements client.Handler.
func (l *line) Link(ctx context.Context, link client.Link) {
	if link.State != client.LinkOnline {
		l.note(false)
		return
	}
	l.all.ended.Go(func() {
		var reply wire.SyncReply
		if err := l.conn.Call(ctx, wire.OpSync, wire.SyncRequest{}, &reply); err != nil {
			return // the line ended meanwhile; the next one asks again
		}
		l.note(true)
		l.first()
	})
}

func (l *line) note(online bool) {
	l.all.mu.Lock()
	defer l.all.mu.Unlock()
	if online == l.online {
		return
	}
	l.online = online
	if !online {
		l.all.online--
		l.all.lost.Add(1)
		return
	}
	l.all.online++
	if l.all.online == l.all.want {
		close(l.all.there)
		l.all.want = -1
	}
}

// expect returns a channel that is closed when n are online. It is called while fewer are.
func (l *lines) expect(n int) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.want, l.there = n, make(chan struct{})
	return l.there
}

// connect lets people come, atATime side by side, and returns when all are online and how long that took.
func (l *lines) connect(ctx context.Context, people []rig.Person) (time.Duration, error) {
	begun := len(l.people)
	l.people = append(l.people, people...)
	there := l.expect(begun + len(people))
	slots := make(chan struct{}, atATime)
	started := rig.Now()
	for _, person := range people {
		slots <- struct{}{}
		h := &line{all: l, first: sync.OnceFunc(func() { <-slots })}
		h.conn = client.NewConn(client.ConnOptions{Session: person.Session, Skip: []wire.Ev{wire.EvPresence}})
		l.ended.Go(func() {
			_ = h.conn.Run(ctx, h) // a session that ends is missed below
			h.first()
		})
	}
	err := rig.AwaitAll(ctx, onlineTime, fmt.Sprintf("not all %d get online", len(people)), []<-chan struct{}{there})
	return rig.Now().Sub(started), err
}

func (l *lines) close() {
	l.stop()
	l.ended.Wait()
	for _, p := range l.people {
		p.Close()
	}
}
