package kills

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// Options are the flags of "himsg-bench kills".
type Options struct {
	ServerBin string        `required:"" placeholder:"PATH" help:"himsg-server to judge."`
	Kills     int           `default:"20" help:"How often the server is killed."`
	Database  string        `enum:"sqlite,mariadb,both" default:"both" help:"sqlite, mariadb or both; MariaDB is a private one."`
	Senders   int           `default:"50" help:"People who send."`
	Seed      uint64        `default:"1" help:"The same seed chooses the same pauses, rooms and deletes."`
	Shortest  time.Duration `default:"50ms" help:"Shortest time from ready to the next kill."`
	Longest   time.Duration `default:"2s" help:"Longest time from ready to the next kill."`
	Dir       string        `placeholder:"DIR" help:"Where the databases lie. Empty: the system's place for temporary files."`
	Keep      bool          `help:"Leave the databases, the server's log and the ledger in place."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	if o.Senders < 4 || o.Senders > 1000 || o.Kills < 0 || o.Shortest < 0 || o.Longest < o.Shortest {
		return errors.New("--senders is 4 to 1000, --kills not negative, --longest at least --shortest")
	}
	return nil
}

// Run judges the server on each database; ok tells that nothing was wrong. It prints a line for each.
func Run(ctx context.Context, o Options, out io.Writer) (ok bool, err error) {
	ok = true
	for _, kind := range rig.Kinds(o.Database) {
		v, err := runOn(ctx, o, kind, out)
		if err != nil {
			return false, fmt.Errorf("%s: %w", kind, err)
		}
		if _, err := fmt.Fprintf(out, "kills/%s: %s\n", kind, v); err != nil {
			return false, fmt.Errorf("print verdict: %w", err)
		}
		for _, detail := range v.details {
			if _, err := fmt.Fprintf(out, "  %s\n", detail); err != nil {
				return false, fmt.Errorf("print verdict: %w", err)
			}
		}
		ok = ok && v.clean()
	}
	return ok, nil
}

func runOn(ctx context.Context, o Options, kind rig.Kind, out io.Writer) (v verdict, err error) {
	data, err := rig.NewData(ctx, kind, o.Dir)
	if err != nil {
		return verdict{}, err
	}
	defer func() {
		if o.Keep {
			_, _ = fmt.Fprintf(out, "kept in %s\n", data.Dir) // for people
			err = errors.Join(err, data.Stop())
			return
		}
		err = errors.Join(err, data.Close())
	}()
	server, err := rig.NewServer(o.ServerBin, data)
	if err != nil {
		return verdict{}, err
	}
	if err := server.Fill(ctx, o.Senders, rig.Password); err != nil {
		return verdict{}, err
	}
	if err := server.Start(ctx); err != nil {
		return verdict{}, err
	}
	v, err = judgeServer(ctx, o, server, data)
	return v, err
}

// judgeServer works on a server that runs, and leaves it stopped.
func judgeServer(ctx context.Context, o Options, server *rig.Server, data *rig.Data) (v verdict, err error) {
	stopped := false
	defer func() {
		if !stopped {
			err = errors.Join(err, server.Stop())
		}
	}()
	book, err := openLedger(data.Dir)
	if err != nil {
		return verdict{}, err
	}
	everyone, err := gather(ctx, server.URL(), o, book)
	if err != nil {
		return verdict{}, errors.Join(err, book.close())
	}
	defer everyone.close()
	everyone.start(o.Seed)
	pauses, err := killAgainAndAgain(ctx, o, server, everyone)
	if err == nil {
		err = everyone.finish()
	}
	if err != nil {
		everyone.close() // nobody may write when the book is closed
		return verdict{}, errors.Join(err, book.close())
	}
	if err := book.close(); err != nil {
		return verdict{}, err
	}
	held, err := everyone.holdings(ctx)
	if err != nil {
		return verdict{}, err
	}
	everyone.close()
	stopped = true
	if err := server.Stop(); err != nil {
		return verdict{}, err
	}
	stored, err := readDatabase(ctx, data)
	if err != nil {
		return verdict{}, err
	}
	entries, err := readLedger(data.Dir)
	if err != nil {
		return verdict{}, err
	}
	return judge(entries, stored, held, pauses), nil
}

// killAgainAndAgain returns how long it took each time from the restart to the first acknowledgement.
func killAgainAndAgain(ctx context.Context, o Options, server *rig.Server, everyone *crowd) ([]time.Duration, error) {
	random := rand.New(rand.NewPCG(o.Seed, 1)) //nolint:gosec // G404: a repeatable choice
	var pauses []time.Duration
	for range o.Kills {
		wait := o.Shortest + time.Duration(random.Int64N(int64(o.Longest-o.Shortest)+1))
		if !sleep(ctx, wait) {
			return nil, ctx.Err()
		}
		if err := server.Kill(); err != nil {
			return nil, err
		}
		restarted := rig.Now()
		first := everyone.nextAck()
		if err := server.Start(ctx); err != nil {
			return nil, fmt.Errorf("restart: %w", err)
		}
		select {
		case at := <-first:
			pauses = append(pauses, at.Sub(restarted))
		case <-ctx.Done():
			return nil, ctx.Err()
		case failure := <-everyone.failures:
			return nil, failure
		}
	}
	return pauses, nil
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
