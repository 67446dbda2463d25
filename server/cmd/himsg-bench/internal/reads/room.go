package reads

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	connectTime = 2 * time.Minute
	roundTime   = 30 * time.Second
	restTime    = time.Second // between rounds: late events belong to the round before
)

// room is one room whose members are all online and read whatever comes.
type room struct {
	uuid    string
	members []*member
	stop    context.CancelFunc
	running sync.WaitGroup

	mu     sync.Mutex
	seq    int64         // of the message of this round
	missed int           // members who don't know yet that all have read it
	done   chan struct{} // closed when nobody is missed
	failed error         // of a member's read
}

// member is one person at his app, with the room open.
type member struct {
	room    *room
	person  rig.Person
	conn    *client.Conn
	online  chan struct{}
	once    sync.Once
	events  int              // read events that came
	cursors map[string]int64 // of others, in a room that is small enough to name them
	knows   int64            // the seq of the last message that all have read, as far as he knows
}

// gather signs everybody in, makes the room and waits until all are online.
func gather(ctx context.Context, url string, n int) (*room, error) {
	people, err := rig.SignIn(ctx, url, n)
	life, stop := context.WithCancel(ctx)
	r := &room{stop: stop}
	for _, person := range people {
		r.members = append(r.members, &member{
			room: r, person: person, online: make(chan struct{}), cursors: map[string]int64{},
		})
	}
	if err == nil {
		err = r.connect(ctx, life)
	}
	if err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *room) connect(ctx, life context.Context) (err error) {
	var others []string
	for _, m := range r.members[1:] {
		others = append(others, m.person.UUID)
	}
	in := wire.CreateRoomRequest{Name: "전 직원", Members: others}
	if r.uuid, err = r.members[0].person.Session.CreateRoom(ctx, in); err != nil {
		return fmt.Errorf("create room: %w", err)
	}
	for _, m := range r.members {
		m.conn = client.NewConn(client.ConnOptions{Session: m.person.Session})
		r.running.Go(func() { _ = m.conn.Run(life, m) }) // a session that ends shows in the calls
	}
	var online []<-chan struct{}
	for _, m := range r.members {
		online = append(online, m.online)
	}
	return rig.AwaitAll(ctx, connectTime, "not everybody gets online", online)
}

func (r *room) close() {
	r.stop()
	r.running.Wait()
	for _, m := range r.members {
		m.person.Close()
	}
}

// round sends a message, which all read when it comes, and returns how long it takes until all know that.
func (r *room) round(ctx context.Context) (time.Duration, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return 0, fmt.Errorf("make client_id: %w", err)
	}
	r.mu.Lock()
	r.seq, r.missed, r.done = 0, len(r.members), make(chan struct{})
	done := r.done
	r.mu.Unlock()
	started := rig.Now()
	request := wire.SendRequest{RoomUUID: r.uuid, ClientID: id.String(), Text: "모두 읽어 주세요"}
	if _, err := r.members[0].conn.Send(ctx, request); err != nil {
		return 0, fmt.Errorf("send: %w", err)
	}
	timer := time.NewTimer(roundTime)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		r.mu.Lock()
		defer r.mu.Unlock()
		return 0, fmt.Errorf("%d of %d members never hear that all have read: %w", r.missed, len(r.members), r.failed)
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	took := rig.Now().Sub(started)
	if !rig.Sleep(ctx, restTime) {
		return 0, ctx.Err()
	}
	return took, nil
}

// events returns how many read events reached a member in one round, on average, and the most.
func (r *room) events(rounds int) (average float64, most int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	total := 0
	for _, m := range r.members {
		total += m.events
		most = max(most, (m.events+rounds-1)/rounds)
	}
	return float64(total) / float64(rounds*len(r.members)), most
}

// Admit implements client.Handler.
func (*member) Admit(context.Context, wire.Welcome) error { return nil }

// Link implements client.Handler.
func (m *member) Link(_ context.Context, link client.Link) {
	if link.State == client.LinkOnline {
		m.once.Do(func() { close(m.online) })
	}
}

// Events implements client.Handler: a message is read as soon as it comes.
func (m *member) Events(ctx context.Context, events []client.Event) {
	for _, event := range events {
		switch data := event.Data.(type) {
		case *wire.Message:
			if data.RoomUUID == m.room.uuid && data.Kind == wire.MessageUser {
				m.room.running.Go(func() { m.read(ctx, data.Seq) })
			}
		case *wire.Read:
			if data.RoomUUID == m.room.uuid {
				m.hear(data)
			}
		}
	}
}

func (m *member) read(ctx context.Context, seq int64) {
	r := m.room
	r.mu.Lock()
	r.seq = seq
	r.mu.Unlock()
	if _, err := m.conn.Read(ctx, r.uuid, seq); err != nil && ctx.Err() == nil {
		r.mu.Lock()
		r.failed = err
		r.mu.Unlock()
	}
}

// hear counts the event and looks whether it says that all have read.
func (m *member) hear(read *wire.Read) {
	r := m.room
	r.mu.Lock()
	defer r.mu.Unlock()
	m.events++
	for _, cursor := range read.Reads {
		m.cursors[cursor.UserUUID] = max(m.cursors[cursor.UserUUID], cursor.Seq)
	}
	all := 0
	for _, at := range read.Histogram {
		if at[0] >= r.seq {
			all += int(at[1])
		}
	}
	if read.Histogram == nil {
		for _, seq := range m.cursors {
			if seq >= r.seq {
				all++
			}
		}
		all++ // who sent it has read it, and no event says so
	}
	if r.seq == 0 || all < len(r.members) || m.knows == r.seq {
		return
	}
	m.knows = r.seq
	r.missed--
	if r.missed == 0 {
		close(r.done)
	}
}
