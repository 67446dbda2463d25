package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	fileCrowd  = 10 // people; the last two, who have a direct room, send no messages but with files
	fileSender = fileCrowd - 2
	fileReader = fileCrowd - 1
	silence    = client.StallLimit + 5*time.Second // longer than a transfer waits for a byte
)

// throughTrouble: a large file goes up and down again, each way with two kill -9 of the server and two cuts of the network. It
// arrives, its message is there once, hardly anything is sent twice, and the server's memory does not grow with it.
func throughTrouble() fault {
	return fault{
		name: "file-through-trouble", kinds: []rig.Kind{rig.SQLite}, bound: 8 * time.Minute, brief: true,
		crowd: crowd.Options{People: fileCrowd, Senders: fileSender, Pause: 20 * time.Millisecond},
		disturb: func(ctx context.Context, s *scene) error {
			w, err := s.newWay(ctx)
			if err != nil {
				return err
			}
			file, err := w.up(ctx)
			if err != nil {
				return fmt.Errorf("up: %w", err)
			}
			seq, err := s.crowd.SendFiles(ctx, fileSender, file.FileID)
			if err != nil {
				return err
			}
			message, err := s.crowd.Message(ctx, fileReader, seq)
			if err != nil {
				return err
			}
			if len(message.Files) != 1 || message.Files[0].SHA256 != w.bulk.SHA256 {
				return fmt.Errorf("the message has the files %+v", message.Files)
			}
			if err := w.down(ctx, message.Files[0]); err != nil {
				return fmt.Errorf("down: %w", err)
			}
			if err := w.look(); err != nil {
				return err
			}
			s.goal("server grew", float64(w.peak-w.idle)/(1<<20), "MiB", 32)
			return nil
		},
	}
}

// way is a file's from one person to another.
type way struct {
	s          *scene
	bulk       rig.Bulk
	relay      *rig.Relay
	from, to   rig.Person // their apps' own sessions, through the relay
	idle, peak int64      // the server's memory before, and the most that any of its processes had
}

// newWay makes the file, lets it be taken, and signs both in.
func (s *scene) newWay(ctx context.Context) (*way, error) {
	bulk, err := rig.NewBulk(s.data.Dir, int64(s.times(1024, 32))<<20, s.o.Seed)
	if err != nil {
		return nil, err
	}
	w := &way{s: s, bulk: bulk}
	if w.relay, err = rig.NewRelay(ctx, s.server.URL()); err != nil {
		return nil, err
	}
	s.later(w.relay.Close)
	if w.from, err = s.signIn(ctx, w.relay.URL(), fileSender+1); err != nil {
		return nil, err
	}
	if w.to, err = s.signIn(ctx, w.relay.URL(), fileReader+1); err != nil {
		return nil, err
	}
	if err := s.allowFiles(ctx, wire.UnscannedRefuse); err != nil {
		return nil, err
	}
	if err := s.working(ctx, 300); err != nil {
		return nil, err
	}
	usage, err := rig.UsageOf(s.server.Process().Pid)
	w.idle = usage.Resident
	return w, err
}

// signIn signs a person in until the run ends.
func (s *scene) signIn(ctx context.Context, url string, number int) (rig.Person, error) {
	p, err := rig.SignInOne(ctx, url, number, nil)
	if err == nil {
		s.later(func() error {
			p.Close()
			return nil
		})
	}
	return p, err
}

// allowFiles lets files of any size be taken.
func (s *scene) allowFiles(ctx context.Context, unscanned wire.Unscanned) error {
	owner, err := rig.SignInOne(ctx, s.server.URL(), 1, nil)
	if err != nil {
		return err
	}
	defer owner.Close()
	return owner.SetFilePolicy(ctx, func(p *wire.FilePolicy) {
		p.MaxBytes, p.Unscanned = wire.MaxPolicyFileBytes, unscanned
	})
}

// up sends the file and says how much of it was sent over again.
func (w *way) up(ctx context.Context) (file wire.File, err error) {
	content, err := os.Open(w.bulk.Path)
	if err != nil {
		return file, fmt.Errorf("open the file: %w", err)
	}
	defer func() { _ = content.Close() }() // only read
	sending := &rig.Sending{Upload: client.Upload{
		RoomUUID: w.s.crowd.Room(fileSender), Name: rig.BulkName, Size: w.bulk.Size, SHA256: w.bulk.SHA256, Content: content,
	}}
	before, _ := w.relay.Carried()
	err = w.troubled(ctx, before, w.relay.AwaitUp, func() error { return w.from.SendFile(ctx, sending) })
	if err != nil {
		return file, err
	}
	after, _ := w.relay.Carried()
	w.again("up", sending.Tries, after-before)
	return w.from.Ready(ctx, sending.FileID)
}

// down fetches it.
func (w *way) down(ctx context.Context, file wire.File) error {
	arrival, tries := rig.NewArrival(), 0
	_, before := w.relay.Carried()
	err := w.troubled(ctx, before, w.relay.AwaitDown, func() (err error) {
		tries, err = w.to.FetchFile(ctx, file, arrival)
		return err
	})
	if err != nil {
		return err
	}
	_, after := w.relay.Carried()
	w.again("down", tries, after-before)
	if arrival.SHA256() != w.bulk.SHA256 {
		return errors.New("what arrived is not what was sent")
	}
	return nil
}

// again takes the figures of one direction. What carries the file, headers and all, counts as sent again; of a small file that
// is a large share, so that only a large one has a goal.
func (w *way) again(name string, tries int, carried int64) {
	share := 100 * float64(carried-w.bulk.Size) / float64(w.bulk.Size)
	w.s.note("MiB "+name, float64(w.bulk.Size>>20), "")
	w.s.note("broken off", float64(tries), "times")
	if w.s.o.Short {
		w.s.note("sent again", share, "%")
		return
	}
	w.s.goal("sent again", share, "%", 5)
}

// troubled lets something go on while the server is killed and the network cut, twice each, when so much of the file has gone by
// that there is some left. The second cut is one that nobody is told of.
func (w *way) troubled(
	ctx context.Context, base int64, await func(context.Context, int64) error, work func() error,
) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- work()
		cancel() // nobody waits for bytes that don't come
	}()
	last := w.mute
	if w.s.o.Short {
		last = w.cut
	}
	var err error
	for i, trouble := range []func(context.Context) error{w.kill, w.cut, w.kill, last} {
		if err = await(ctx, base+w.bulk.Size*int64(i+1)/5); err != nil {
			err = fmt.Errorf("trouble %d never came: %w", i+1, err)
			break
		}
		if err = trouble(ctx); err != nil {
			break
		}
	}
	if err != nil {
		cancel()
	}
	return errors.Join(<-done, err)
}

// look keeps the most memory that a server's process had.
func (w *way) look() error {
	usage, err := rig.UsageOf(w.s.server.Process().Pid)
	w.peak = max(w.peak, usage.Peak)
	return err
}

func (w *way) kill(ctx context.Context) error {
	if err := w.look(); err != nil {
		return err
	}
	if err := w.s.server.Kill(); err != nil {
		return err
	}
	return w.s.server.Start(context.WithoutCancel(ctx))
}

func (w *way) cut(ctx context.Context) error {
	w.relay.Cut()
	rig.Sleep(ctx, w.s.between(200*time.Millisecond, time.Second))
	w.relay.Mend()
	return nil
}

// mute lets the network swallow what it is given, for longer than a transfer waits.
func (w *way) mute(ctx context.Context) error {
	w.relay.Swallow()
	rig.Sleep(ctx, silence)
	w.relay.Mend()
	return nil
}
