package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

const (
	asleepCrowd = 11 // in one room; the last of them is a process of his own
	missed      = 1000
)

// asleep: a client's process stands still, as a closed notebook does, while its room goes on, and then continues. It must
// find out by itself what it missed.
func asleep() fault {
	return fault{
		name: "client-asleep", kinds: []rig.Kind{rig.SQLite, rig.MariaDB}, bound: 2 * time.Minute,
		crowd: crowd.Options{People: asleepCrowd, Away: 1, OneRoom: true},
		disturb: func(ctx context.Context, s *scene) error {
			other, err := s.startSleeper(ctx, asleepCrowd)
			if err != nil {
				return err
			}
			var times []time.Duration
			for range s.times(5, 1) {
				took, err := s.oversleep(ctx, other)
				if err != nil {
					return err
				}
				times = append(times, took)
			}
			s.note("messages missed", missed, "")
			s.goal("caught up p95", ms(p95(times)), "ms", 5000)
			s.witness = func(held []judge.Holding) (judge.Holding, error) {
				return other.holds(s.crowd.Room(0), held[0].Held.Rev)
			}
			return nil
		},
	}
}

// oversleep lets the client miss messages and says how long it takes to hold them all.
func (s *scene) oversleep(ctx context.Context, other *sleeper) (time.Duration, error) {
	if err := rig.Freeze(ctx, other.Process()); err != nil {
		return 0, err
	}
	err := s.working(ctx, missed)
	room := s.crowd.Room(0)
	rev := s.crowd.Rev(0, room)
	woken := rig.Now()
	if err := errors.Join(err, rig.Thaw(other.Process())); err != nil {
		return 0, err
	}
	_, err = other.holds(room, rev)
	return rig.Now().Sub(woken), err
}

// SleeperOptions are the flags of "himsg-bench sleeper", which is a client in a process of its own: for each line of standard
// input, a question, it writes one of standard output, what it holds once it holds that much.
type SleeperOptions struct {
	Server string `required:"" help:"Address."`
	Person int    `required:"" help:"Number in the demo company."`
}

// question asks for what is held of a room, when it is held up to a rev.
type question struct {
	Room string `json:"room"`
	Rev  int64  `json:"rev"`
}

// Sleep runs the client until in ends.
func Sleep(ctx context.Context, o SleeperOptions, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	person, err := rig.SignInOne(ctx, o.Server, o.Person, nil)
	if err != nil {
		return err
	}
	defer person.Close()
	c := crowd.NewClient(person, "client asleep")
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	questions := json.NewDecoder(in)
	answers := json.NewEncoder(out)
	for {
		var q question
		if err := questions.Decode(&q); err != nil {
			cancel()
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return errors.Join(err, <-ended)
		}
		holding, err := c.Hold(ctx, q.Room, q.Rev)
		if err != nil {
			return err
		}
		if err := answers.Encode(holding); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
}

// sleeper is the other process.
type sleeper struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *json.Decoder
}

// Process implements rig.Running.
func (o *sleeper) Process() *os.Process { return o.cmd.Process }

// startSleeper starts it, and returns when it holds its room.
func (s *scene) startSleeper(ctx context.Context, person int) (*sleeper, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	//nolint:gosec // G204: this program
	o := &sleeper{cmd: exec.CommandContext(ctx, self, "sleeper", "--server", s.server.URL(), "--person", strconv.Itoa(person))}
	o.cmd.Stderr, o.cmd.SysProcAttr = os.Stderr, rig.EndWithParent()
	o.in, err = o.cmd.StdinPipe()
	out, outErr := o.cmd.StdoutPipe()
	if err := errors.Join(err, outErr); err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	o.out = json.NewDecoder(bufio.NewReader(out))
	if err := o.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start client: %w", err)
	}
	s.later(func() error { return errors.Join(o.in.Close(), o.cmd.Wait()) })
	_, err = o.holds(s.crowd.Room(0), 0)
	return o, err
}

// holds asks for what it holds of a room, once that is held up to a rev.
func (o *sleeper) holds(room string, rev int64) (h judge.Holding, err error) {
	if err := json.NewEncoder(o.in).Encode(question{Room: room, Rev: rev}); err != nil {
		return h, fmt.Errorf("ask client: %w", err)
	}
	if err := o.out.Decode(&h); err != nil {
		return h, fmt.Errorf("client's answer: %w", err)
	}
	return h, nil
}
