package rig

import (
	"context"
	"sync"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// connectTime bounds how long people may take to get online.
const connectTime = time.Minute

// Line is a person with a live connection, on whose events nobody looks.
type Line struct {
	Person Person
	Conn   *client.Conn
	online chan struct{}
	once   sync.Once
}

// Connect brings people online. hangUp ends the connections, not the sessions; it is never nil.
func Connect(ctx context.Context, people []Person) (lines []*Line, hangUp func(), err error) {
	life, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	var online []<-chan struct{}
	for _, p := range people {
		conn := client.NewConn(client.ConnOptions{Session: p.Session, Skip: []wire.Ev{wire.EvPresence}})
		l := &Line{Person: p, Conn: conn, online: make(chan struct{})}
		running.Go(func() { _ = l.Conn.Run(life, l) }) // a session that ends shows in the calls
		lines, online = append(lines, l), append(online, l.online)
	}
	hangUp = func() {
		stop()
		running.Wait()
	}
	return lines, hangUp, AwaitAll(ctx, connectTime, "not everybody gets online", online)
}

// Admit implements client.Handler.
func (*Line) Admit(context.Context, wire.Welcome) error { return nil }

// Events implements client.Handler.
func (*Line) Events(context.Context, []client.Event) {}

// Link implements client.Handler.
func (l *Line) Link(_ context.Context, link client.Link) {
	if link.State == client.LinkOnline {
		l.once.Do(func() { close(l.online) })
	}
}
