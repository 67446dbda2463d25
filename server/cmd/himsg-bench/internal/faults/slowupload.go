package faults

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	slowPeople  = 10 // of whom each sends slowOfOne files, a byte a second each
	slowOfOne   = 10
	slowHeaders = slowPeople * slowOfOne // connections that never come to the end of their headers, a byte a second
	slowFile    = 1 << 20
	smallFile   = 100 << 10 // what others download meanwhile
	downloaders = 4

	// To begin 100 uploads, and to sync what came of them in the end, is honest work: it is over before others are measured. Both
	// times together are less than the headers' bound, so that all slow ones are there.
	settleTime = time.Second
	slowPhase  = 3 * time.Second

	// The server's bounds: 5 s for the headers; 30 s for each 16 KiB of a body.
	headersBound = 5 * time.Second
	bodyBound    = 30 * time.Second
	boundSlack   = 3 * time.Second // a busy machine is late
)

// slowUpload: 200 connections send a byte a second, half of them headers and half files. Others must not feel it, memory must not
// grow with it, and the slow ones are shown the door. Phases with and without them take turns, as in slow-reader.
func slowUpload() fault {
	m := &delivery{sent: map[string]time.Time{}}
	return fault{
		name: "slow-upload", kinds: []rig.Kind{rig.SQLite}, bound: 5 * time.Minute, brief: true,
		crowd: crowd.Options{
			People: 20, Senders: 10, OneRoom: true, Keep: true, Pause: 100 * time.Millisecond,
			Sending: m.sending, Heard: m.heard,
		},
		disturb: func(ctx context.Context, s *scene) error {
			l := &loris{s: s}
			if err := l.prepare(ctx); err != nil {
				return err
			}
			ctx, cancel := context.WithCancel(ctx)
			defer l.fetchers.Wait()
			defer cancel()
			l.fetch(ctx)
			before, err := rig.UsageOf(s.server.Process().Pid)
			if err != nil {
				return err
			}
			if err := l.phases(ctx, m); err != nil {
				return err
			}
			if err := l.closed(ctx); err != nil {
				return err
			}
			after, err := rig.UsageOf(s.server.Process().Pid)
			if err == nil {
				s.goal("server grew", float64(after.Peak-before.Resident)/(1<<20), "MiB", 48)
				err = l.failure()
			}
			return err
		},
	}
}

// loris are the slow ones, and those who download meanwhile.
type loris struct {
	s      *scene
	people []rig.Person
	small  wire.File

	fetchers sync.WaitGroup
	mu       sync.Mutex
	fetched  []time.Duration
	failed   error
}

func (l *loris) prepare(ctx context.Context) error {
	for i := range slowPeople {
		p, err := l.s.signIn(ctx, l.s.server.URL(), i+1)
		if err != nil {
			return err
		}
		l.people = append(l.people, p)
	}
	bulk, err := rig.NewBulk(l.s.data.Dir, smallFile, l.s.o.Seed)
	if err == nil {
		l.small, err = l.people[0].SendBulk(ctx, bulk, "")
	}
	return err
}

// fetch lets people download a small file again and again, until ctx ends.
func (l *loris) fetch(ctx context.Context) {
	for range downloaders {
		l.fetchers.Go(func() {
			for rig.Sleep(ctx, 20*time.Millisecond) {
				began := rig.Now()
				err := l.people[0].Session.Download(ctx, l.small, rig.NewArrival(), nil)
				if ctx.Err() != nil {
					return
				}
				l.mu.Lock()
				l.fetched, l.failed = append(l.fetched, rig.Now().Sub(began)), errors.Join(l.failed, err)
				l.mu.Unlock()
			}
		})
	}
}

func (l *loris) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

// take returns how long downloads took since the last call.
func (l *loris) take() []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	times := l.fetched
	l.fetched = nil
	return times
}

// phases measures others without and with the slow ones, in turns.
func (l *loris) phases(ctx context.Context, m *delivery) error {
	var sends, downloads [2][]time.Duration // p99 of each phase: without, with
	settle, length := settleTime, slowPhase
	if l.s.o.Short {
		settle, length = settle/4, length/4
	}
	measure := func(with int) error {
		if !rig.Sleep(ctx, settle) {
			return ctx.Err()
		}
		l.take() // what came before
		if err := m.during(ctx, length, &sends[with]); err != nil {
			return err
		}
		times := l.take()
		if len(times) == 0 {
			return errors.New("nobody downloaded anything")
		}
		downloads[with] = append(downloads[with], percentile(times, 99))
		return nil
	}
	for range l.s.times(8, 2) {
		if err := measure(0); err != nil {
			return err
		}
		slow, err := l.begin(ctx)
		if err != nil {
			return err
		}
		err = measure(1)
		slow.leave()
		if err != nil {
			return err
		}
	}
	l.compare("sends", sends)
	l.compare("downloads", downloads)
	return nil
}

// compare takes the figures of one kind of work. Phases of a smoke are too short for a goal.
func (l *loris) compare(name string, p99 [2][]time.Duration) {
	noise, up := compared(p99[0], p99[1])
	l.s.note("p99 of "+name+" without", ms(percentile(p99[0], 50)), "ms")
	l.s.note("with", ms(percentile(p99[1], 50)), "ms")
	l.s.note("noise", noise, "%")
	if l.s.o.Short {
		l.s.note("up", up, "%")
		return
	}
	l.s.goal("up", up, "%", max(10, noise))
}

// closed waits until the server has shown all slow ones the door; in a smoke those with headers only.
func (l *loris) closed(ctx context.Context) error {
	slow, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer slow.leave()
	longest, err := slow.gone(ctx, slow.headers)
	if err != nil {
		return fmt.Errorf("headers without end: %w", err)
	}
	l.s.goal("headers closed after", longest.Seconds(), "s", (headersBound + boundSlack).Seconds())
	if l.s.o.Short {
		return nil
	}
	if longest, err = slow.gone(ctx, slow.bodies); err != nil {
		return fmt.Errorf("files without end: %w", err)
	}
	l.s.goal("files closed after", longest.Seconds(), "s", (bodyBound + boundSlack).Seconds())
	return nil
}

// begin opens all slow connections. Each file is a new one: the server may still be at those before.
func (l *loris) begin(ctx context.Context) (*slowOnes, error) {
	slow := &slowOnes{}
	for i := range slowHeaders {
		person := l.people[i%slowPeople]
		id, err := l.beginUpload(ctx, person)
		if err != nil {
			slow.leave()
			return nil, err
		}
		token, err := person.Session.Access(ctx)
		if err == nil {
			request := fmt.Sprintf("PATCH /api/uploads/%s HTTP/1.1\r\nHost: himsg\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\n"+
				"Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: %d\r\n\r\n", id, token, slowFile)
			err = slow.open(ctx, l.s.server.URL(), request, &slow.bodies)
		}
		if err == nil {
			err = slow.open(ctx, l.s.server.URL(), "GET /api/server HTTP/1.1\r\nHost: himsg\r\nX-Slow: ", &slow.headers)
		}
		if err != nil {
			slow.leave()
			return nil, err
		}
	}
	return slow, nil
}

var errBegun = errors.New("it is begun, that is enough")

// beginUpload makes an upload with the app's own code, and sends nothing.
func (l *loris) beginUpload(ctx context.Context, p rig.Person) (id string, err error) {
	err = p.Session.Upload(ctx, client.Upload{
		Name: rig.BulkName, Size: slowFile, Content: strings.NewReader(""),
		Begun: func(fileID string) error {
			id = fileID
			return errBegun
		},
	})
	if errors.Is(err, errBegun) {
		return id, nil
	}
	return "", fmt.Errorf("begin an upload: %w", err)
}

// slowOnes are connections that send a byte a second.
type slowOnes struct {
	all             sync.WaitGroup
	headers, bodies []*slowOne
}

type slowOne struct {
	conn   net.Conn
	opened time.Time
	closed chan struct{} // by the server
	lived  time.Duration // once closed
}

// open sends the beginning, and goes on with a byte a second until the server closes, or leave.
func (s *slowOnes) open(ctx context.Context, url, request string, list *[]*slowOne) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	one := &slowOne{conn: conn, opened: rig.Now(), closed: make(chan struct{})}
	*list = append(*list, one)
	if _, err := io.WriteString(conn, request); err != nil {
		return fmt.Errorf("begin slowly: %w", err)
	}
	s.all.Go(one.drip)
	s.all.Go(one.listen)
	return nil
}

func (o *slowOne) drip() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-o.closed:
			return
		}
		if _, err := o.conn.Write([]byte("a")); err != nil {
			return
		}
	}
}

// listen waits for the end; what the server says before does not matter.
func (o *slowOne) listen() {
	defer close(o.closed)
	_, _ = io.Copy(io.Discard, o.conn)
	o.lived = rig.Now().Sub(o.opened)
}

// gone waits until the server has closed all of these, and says how long the longest lived.
func (s *slowOnes) gone(ctx context.Context, list []*slowOne) (longest time.Duration, err error) {
	for _, one := range list {
		select {
		case <-one.closed:
			longest = max(longest, one.lived)
		case <-ctx.Done():
			return 0, fmt.Errorf("they are never closed: %w", ctx.Err())
		}
	}
	return longest, nil
}

// leave closes what is open. A repeat is harmless.
func (s *slowOnes) leave() {
	for _, one := range slices.Concat(s.headers, s.bodies) {
		_ = one.conn.Close() // it may be closed already
	}
	s.all.Wait()
}
