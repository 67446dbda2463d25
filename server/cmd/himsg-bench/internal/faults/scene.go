package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/founding"
	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

// usualCrowd works when a fault asks for nothing else.
const usualCrowd = 50

// scene is where a fault happens: a server on its data, and a crowd at work.
type scene struct {
	o       Options
	data    *rig.Data
	server  *rig.Server
	many    *cluster          // nil: there is one server
	company *founding.Company // who is there beside the crowd; nil: nobody
	crowd   *crowd.Crowd
	random  *rand.Rand
	row     *Row

	witness func(held []judge.Holding) (judge.Holding, error) // a client that the crowd does not know; nil: none
	ends    []func() error                                    // what is to be undone, the last first
}

// play runs a fault from nothing to the verdict.
func play(ctx context.Context, o Options, f fault, kind rig.Kind, row *Row) (err error) {
	data, err := f.data(ctx, o, kind)
	if err != nil {
		return err
	}
	s := &scene{
		o: o, data: data, row: row,
		random: rand.New(rand.NewPCG(o.Seed, 1)), //nolint:gosec // G404: a repeatable choice
	}
	defer func() { err = errors.Join(err, s.undo()) }()
	if f.place != nil {
		if err := f.place(ctx, s); err != nil {
			return err
		}
	}
	binary, maker := f.binaries(o)
	if s.server, err = rig.NewServer(binary, data); err != nil {
		return err
	}
	who := f.crowd
	if who.People == 0 {
		who.People = usualCrowd
	}
	who.Seed = o.Seed
	filler, err := rig.NewServer(maker, data)
	if err != nil {
		return err
	}
	if err := filler.Fill(ctx, who.People, rig.Password); err != nil {
		return err
	}
	if f.found != nil {
		if err := f.found(ctx, s); err != nil {
			return err
		}
	}
	if f.equip != nil {
		f.equip(s)
	}
	if f.nodes {
		if err := s.gatherNodes(ctx, binary, f.natsEach); err != nil {
			return err
		}
	}
	if err := s.server.Start(ctx); err != nil {
		return err
	}
	return s.judged(ctx, who, f.disturb)
}

// binaries are the server's program and the one that makes its people.
func (f fault) binaries(o Options) (server, maker string) {
	switch {
	case f.clock:
		return o.ClockBin, o.ServerBin
	case f.old:
		return o.OldBin, o.OldBin
	}
	return o.ServerBin, o.ServerBin
}

// data makes what the server's data lies in. The members of a cluster speak to each other from the start.
func (f fault) data(ctx context.Context, o Options, kind rig.Kind) (*rig.Data, error) {
	if f.network && kind == rig.Galera {
		if err := loopbackUp(ctx, nil); err != nil {
			return nil, err
		}
	}
	return rig.NewData(ctx, kind, o.Dir)
}

// judged lets the crowd work while the fault happens, and judges. The server runs at first and is stopped in the end.
func (s *scene) judged(ctx context.Context, who crowd.Options, disturb func(context.Context, *scene) error) (err error) {
	stopped := false
	defer func() {
		if !stopped {
			err = errors.Join(err, s.server.Stop())
		}
		if s.many != nil {
			err = errors.Join(err, s.many.stopOthers())
		}
	}()
	if s.many != nil {
		if err := s.many.startOthers(ctx); err != nil {
			return err
		}
	}
	book, err := judge.OpenLedger(s.data.Dir)
	if err != nil {
		return err
	}
	if s.crowd, err = crowd.Gather(ctx, s.url(), who, book); err != nil {
		return errors.Join(err, book.Close())
	}
	defer s.crowd.Close()
	s.crowd.Start()
	if err = disturb(ctx, s); err == nil {
		err = s.crowd.Finish()
	}
	if err != nil {
		s.crowd.Close() // nobody may write when the book is closed
		return errors.Join(err, book.Close())
	}
	if err := book.Close(); err != nil {
		return err
	}
	held, err := s.crowd.Holdings(ctx)
	if err != nil {
		return err
	}
	if s.witness != nil {
		other, err := s.witness(held)
		if err != nil {
			return err
		}
		held = append(held, other)
	}
	s.crowd.Close()
	stopped = true
	if err := s.server.Stop(); err != nil {
		return err
	}
	return s.verdict(ctx, held)
}

// servers are all of them.
func (s *scene) servers() []*rig.Server {
	if s.many == nil {
		return []*rig.Server{s.server}
	}
	return s.many.nodes
}

// url is where people reach them.
func (s *scene) url() string {
	if s.many == nil {
		return s.server.URL()
	}
	return s.many.front.URL()
}

// verdict adds to the row what the judge says; of a cluster, what he says of each member.
func (s *scene) verdict(ctx context.Context, held []judge.Holding) error {
	entries, err := judge.ReadLedger(s.data.Dir)
	if err != nil {
		return err
	}
	sources := []func() (driver, dsn string){s.data.Source}
	if members := s.data.Members(); len(members) > 0 {
		sources = nil
		for _, m := range members {
			sources = append(sources, m.Source)
		}
	}
	for _, source := range sources {
		driver, dsn := source()
		stored, err := judge.ReadDatabase(ctx, driver, dsn)
		if err != nil {
			return err
		}
		if s.company != nil {
			stored.Leave(s.company.Owns)
		}
		v := judge.Judge(entries, stored, held)
		s.row.Acked = v.Acked
		s.row.Add(v)
	}
	return nil
}

// later undoes something when the run ends, after what was begun later.
func (s *scene) later(undo func() error) { s.ends = append(s.ends, undo) }

// undo leaves the machine as it was.
func (s *scene) undo() error {
	var err error
	for _, end := range slices.Backward(s.ends) {
		err = errors.Join(err, end())
	}
	if s.o.Keep {
		s.row.Details = append(s.row.Details, "kept in "+s.data.Dir)
		return errors.Join(err, s.data.Stop())
	}
	return errors.Join(err, s.data.Close())
}

// times is how often a fault is made: less often in a smoke.
func (s *scene) times(full, brief int) int {
	if s.o.Short {
		return brief
	}
	return full
}

// between chooses a time.
func (s *scene) between(shortest, longest time.Duration) time.Duration {
	return shortest + time.Duration(s.random.Int64N(int64(longest-shortest)+1))
}

// goal adds a figure that must not be above limit.
func (s *scene) goal(name string, value float64, unit string, limit float64) {
	s.row.Figures = append(s.row.Figures, Figure{Name: name, Value: value, Unit: unit, Limit: limit, Goal: true})
}

// note adds a figure that only tells.
func (s *scene) note(name string, value float64, unit string) {
	s.row.Figures = append(s.row.Figures, Figure{Name: name, Value: value, Unit: unit})
}

// working waits until so many more messages were acknowledged.
func (s *scene) working(ctx context.Context, messages int) error {
	for range messages {
		if _, err := s.crowd.NextAck()(ctx); err != nil {
			return fmt.Errorf("wait for acknowledgements: %w", err)
		}
	}
	return nil
}

// ms is a time in milliseconds.
func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// p95 sorts the list.
func p95(list []time.Duration) time.Duration { return percentile(list, 95) }

func percentile(list []time.Duration, p int) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[(len(list)-1)*p/100]
}
