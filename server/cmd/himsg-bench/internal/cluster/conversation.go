package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	talking  = 2 // people who talk to each other; a third one sends a file
	fileSize = 24 << 20
	longest  = 15 * time.Second // that nobody may hear anything
)

// step is one thing that happened in the conversation.
type step struct {
	Name    string  `json:"name"`
	Acked   int64   `json:"acked"`    // meanwhile
	PauseMS float64 `json:"pause_ms"` // the longest in which nobody heard a message
	Note    string  `json:"note,omitempty"`
}

// conversation is two people who talk through the balancer while things break.
type conversation struct {
	*company
	crowd *crowd.Crowd
	steps []step

	mu    sync.Mutex
	last  time.Time
	pause time.Duration
}

func (v *conversation) heard(int, string) {
	now := rig.Now()
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.last.IsZero() {
		v.pause = max(v.pause, now.Sub(v.last))
	}
	v.last = now
}

// during takes the figures of one step; do returns a remark.
func (v *conversation) during(name string, do func() (string, error)) error {
	v.mu.Lock()
	v.pause = 0
	v.mu.Unlock()
	before := v.crowd.Acked()
	note, err := do()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.steps = append(v.steps, step{name, v.crowd.Acked() - before, float64(v.pause.Microseconds()) / 1000, note})
	return nil
}

// talk lets the two say something more.
func (v *conversation) talk(ctx context.Context, messages int) error {
	for range messages {
		if _, err := v.crowd.NextAck()(ctx); err != nil {
			return fmt.Errorf("wait for acknowledgements: %w", err)
		}
	}
	return nil
}

// converse holds the conversation and prints what it saw.
func (c *company) converse(ctx context.Context) (ok bool, err error) {
	if err := c.held(ctx); err != nil {
		return false, err
	}
	owner, err := rig.SignInOne(ctx, c.url(), 1, nil)
	if err != nil {
		return false, err
	}
	defer owner.Close()
	err = owner.SetFilePolicy(ctx, func(p *wire.FilePolicy) { p.MaxBytes, p.Unscanned = wire.MaxPolicyFileBytes, wire.UnscannedAllow })
	if err != nil {
		return false, err
	}
	book, err := judge.OpenLedger(c.data.Dir)
	if err != nil {
		return false, err
	}
	v := &conversation{company: c}
	v.crowd, err = crowd.Gather(ctx, c.url(), crowd.Options{
		People: talking + 1, Senders: talking, OneRoom: true, Keep: true, Pause: 20 * time.Millisecond, Heard: v.heard, Seed: 1,
	}, book)
	if err != nil {
		return false, errors.Join(err, book.Close())
	}
	defer v.crowd.Close()
	v.crowd.Start()
	if err = v.play(ctx); err == nil {
		err = v.crowd.Finish()
	}
	if err != nil {
		v.crowd.Close() // nobody may write when the book is closed
		return false, errors.Join(err, book.Close())
	}
	if err := book.Close(); err != nil {
		return false, err
	}
	return v.judge(ctx)
}

// held waits while somebody prepares a client of his own.
func (c *company) held(ctx context.Context) error {
	if c.o.Hold == "" {
		return nil
	}
	if err := os.WriteFile(c.o.Hold, []byte(c.url()+"\n"), 0o600); err != nil {
		return fmt.Errorf("tell the address: %w", err)
	}
	for {
		if _, err := os.Stat(c.o.Hold); errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if !rig.Sleep(ctx, 100*time.Millisecond) {
			return ctx.Err()
		}
	}
}

// play is what happens while they talk.
func (v *conversation) play(ctx context.Context) error {
	more := 400
	if v.o.Short {
		more = 100
	}
	killed := v.nodes[1]
	member := v.data.Members()[0]
	var back time.Duration
	for _, s := range []struct {
		name string
		do   func() (string, error)
	}{
		{"talking", func() (string, error) { return "", v.talk(ctx, more) }},
		{"a file in parts over two servers", func() (string, error) { return v.file(ctx) }},
		{"kill -9 himsg-server 2", func() (string, error) {
			if err := killed.Kill(); err != nil {
				return "", err
			}
			return "", v.talk(ctx, more)
		}},
		{"himsg-server 2 comes back", func() (string, error) {
			if err := killed.Start(ctx); err != nil {
				return "", err
			}
			return "", v.talk(ctx, more)
		}},
		{"kill -9 MariaDB 1", func() (string, error) {
			if err := member.Kill(); err != nil {
				return "", err
			}
			return "", v.talk(ctx, more)
		}},
		{"MariaDB 1 comes back", func() (string, error) {
			began := rig.Now()
			if err := member.Start(ctx); err != nil {
				return "", err
			}
			back = rig.Now().Sub(began)
			return fmt.Sprintf("has all after %.1f s", back.Seconds()), v.talk(ctx, more)
		}},
		{"kill -9 nats-server 3", func() (string, error) {
			if err := v.nats[2].Kill(); err != nil {
				return "", err
			}
			if err := v.talk(ctx, more); err != nil {
				return "", err
			}
			return "", v.nats[2].Start(ctx)
		}},
	} {
		if err := v.during(s.name, s.do); err != nil {
			return err
		}
	}
	return nil
}

// errHalf ends an upload on purpose.
var errHalf = errors.New("half of it is there")

// sender of the file is the crowd's third.
const sender = talking

// file sends half of a file to one server and the rest to another one, sends it as a message, and fetches it from the third.
func (v *conversation) file(ctx context.Context) (string, error) {
	bulk, err := rig.NewBulk(v.data.Dir, fileSize, 1)
	if err != nil {
		return "", err
	}
	content, err := os.Open(bulk.Path)
	if err != nil {
		return "", fmt.Errorf("open a large file: %w", err)
	}
	defer func() { _ = content.Close() }() // only read
	upload := &client.Upload{
		RoomUUID: v.crowd.Room(sender), Name: rig.BulkName, Size: bulk.Size, SHA256: bulk.SHA256, Content: content,
	}
	sent, err := v.half(ctx, upload)
	if err != nil {
		return "", err
	}
	stored, again, err := v.rest(ctx, upload)
	if err != nil {
		return "", err
	}
	seq, err := v.crowd.SendFiles(ctx, sender, upload.FileID)
	if err != nil {
		return "", err
	}
	if _, err := v.crowd.Message(ctx, 0, seq); err != nil {
		return "", err
	}
	reader, err := rig.SignInOne(ctx, v.nodes[2].URL(), 1, nil)
	if err != nil {
		return "", err
	}
	defer reader.Close()
	arrived := rig.NewArrival()
	if _, err := reader.FetchFile(ctx, stored, arrived); err != nil {
		return "", err
	}
	if arrived.SHA256() != bulk.SHA256 {
		return "", errors.New("what the third server hands out is something else")
	}
	return fmt.Sprintf("%d MiB to server 1, from byte %d on to server 2, the same from server 3", sent>>20, again), nil
}

// half sends the first half to the first server.
func (v *conversation) half(ctx context.Context, upload *client.Upload) (sent int64, err error) {
	person, err := rig.SignInOne(ctx, v.nodes[0].URL(), sender+1, nil)
	if err != nil {
		return 0, err
	}
	defer person.Close()
	half, cut := context.WithCancelCause(ctx)
	defer cut(nil)
	upload.Begun = func(fileID string) error {
		upload.FileID = fileID
		return nil
	}
	upload.Progress = func(done int64) {
		if sent = done; done >= upload.Size/2 {
			cut(errHalf)
		}
	}
	if err := person.Session.Upload(half, *upload); !errors.Is(context.Cause(half), errHalf) {
		return 0, fmt.Errorf("the first half: %w", err)
	}
	return sent, nil
}

// rest goes on at the second server, and says from which byte.
func (v *conversation) rest(ctx context.Context, upload *client.Upload) (stored wire.File, from int64, err error) {
	person, err := rig.SignInOne(ctx, v.nodes[1].URL(), sender+1, nil)
	if err != nil {
		return stored, 0, err
	}
	defer person.Close()
	from = -1
	upload.Progress = func(done int64) {
		if from < 0 {
			from = done
		}
	}
	if err := person.SendFile(ctx, &rig.Sending{Upload: *upload}); err != nil {
		return stored, 0, fmt.Errorf("the rest: %w", err)
	}
	stored, err = person.Ready(ctx, upload.FileID)
	return stored, from, err
}

// judge compares what was acknowledged with each database and each client, and prints all.
func (v *conversation) judge(ctx context.Context) (ok bool, err error) {
	held, err := v.crowd.Holdings(ctx)
	if err != nil {
		return false, err
	}
	v.crowd.Close()
	entries, err := judge.ReadLedger(v.data.Dir)
	if err != nil {
		return false, err
	}
	report := struct {
		judge.Verdict
		Clients int    `json:"clients"`
		Steps   []step `json:"steps"`
	}{Clients: len(held), Steps: v.steps}
	for _, m := range v.data.Members() {
		driver, dsn := m.Source()
		stored, err := judge.ReadDatabase(ctx, driver, dsn)
		if err != nil {
			return false, err
		}
		found := judge.Judge(entries, stored, held)
		report.Acked = found.Acked
		report.Add(found)
	}
	return report.Clean() && !v.tooLong(), errors.Join(v.print(report.Verdict, len(held)), v.write(report))
}

func (v *conversation) tooLong() bool {
	return slices.ContainsFunc(v.steps, func(s step) bool { return s.PauseMS > ms(longest) })
}

func (v *conversation) write(report any) error {
	if v.o.Out == "" {
		return nil
	}
	return rig.WriteReport(v.o.Out, report)
}

// print prints the table and the verdict.
func (v *conversation) print(verdict judge.Verdict, clients int) error {
	w := tabwriter.NewWriter(v.out, 0, 0, 3, ' ', tabwriter.AlignRight)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) } // Flush tells
	line("\n  acked\tlongest pause ms\t  what")
	for _, s := range v.steps {
		line("  %d\t%.0f\t  %s", s.Acked, s.PauseMS, strings.TrimSuffix(s.Name+": "+s.Note, ": "))
	}
	line("\n  %s, compared with %d databases and what %d clients hold", verdict, len(v.data.Members()), clients)
	for _, detail := range verdict.Details {
		line("  %s", detail)
	}
	if v.tooLong() {
		line("  TOO LONG: nobody may hear nothing for more than %.0f ms", ms(longest))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
