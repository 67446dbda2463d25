package starting

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"himsg/server/cmd/himsg-bench/internal/founding"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/cmd/himsg-bench/internal/table"
)

// Options are the flags of "himsg-bench starting".
type Options struct {
	ServerBin string        `required:"" placeholder:"PATH" help:"himsg-server to measure."`
	Database  string        `enum:"sqlite,mariadb,both" default:"both" help:"sqlite, mariadb or both; MariaDB is a private one."`
	Messages  int           `default:"1000000" help:"Messages of the server that has much in it."`
	Starts    int           `default:"7" help:"How often each is started; the median counts."`
	Rest      time.Duration `default:"20s" help:"How long nobody comes before memory is read."`
	SignIns   int           `default:"400" help:"How many people sign in, 16 at a time."`
	Dir       string        `placeholder:"DIR" help:"Where the databases lie. Empty: the system's place for temporary files."`
	Out       string        `default:"bench/starting.json" placeholder:"FILE" help:"Where the figures go as JSON."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	if o.Messages < 0 || o.Messages > 1_000_000 || o.Starts < 1 || o.Rest < 0 || o.SignIns < 1 || o.SignIns > 10_000 {
		return errors.New("--messages is 0 to 1000000, --starts at least 1, --sign-ins 1 to 10000")
	}
	return nil
}

// Run measures and writes the table to out and the figures to o.Out.
func Run(ctx context.Context, o Options, out io.Writer) error {
	rows, err := Measure(ctx, o)
	if err != nil {
		return err
	}
	return table.Write(out, o.Out, rows)
}

// Measure returns the rows.
func Measure(ctx context.Context, o Options) (rows []table.Row, err error) {
	for _, kind := range rig.Kinds(o.Database) {
		for _, messages := range []int{0, o.Messages} {
			some, err := measureStart(ctx, o, kind, messages)
			if err != nil {
				return nil, fmt.Errorf("%s, %d messages: %w", kind, messages, err)
			}
			rows = append(rows, some...)
		}
	}
	storm, err := measureStorm(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("sign-in: %w", err)
	}
	info, err := os.Stat(o.ServerBin)
	if err != nil {
		return nil, fmt.Errorf("look at the binary: %w", err)
	}
	return append(rows, storm, table.Row{
		Work: "the server's binary", Unit: "MB", Ours: float64(info.Size()) / 1e6, Goal: table.Goal{AtMost: true, Value: 25},
	}), nil
}

func measureStart(ctx context.Context, o Options, kind rig.Kind, messages int) (rows []table.Row, err error) {
	data, err := rig.NewData(ctx, kind, o.Dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	server, err := rig.NewServer(o.ServerBin, data)
	if err != nil {
		return nil, err
	}
	server.Messages = messages
	if err := server.Fill(ctx, 100, rig.Password); err != nil {
		return nil, err
	}
	if messages > 0 { // a server that still builds its search index is not at rest
		if _, _, err := founding.Index(ctx, data); err != nil {
			return nil, fmt.Errorf("index: %w", err)
		}
	}
	var times []time.Duration
	for range o.Starts {
		started := rig.Now()
		if err := server.Start(ctx); err != nil {
			return nil, err
		}
		times = append(times, rig.Now().Sub(started))
		if err := server.Stop(); err != nil {
			return nil, err
		}
	}
	if err := server.Start(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if !rig.Sleep(ctx, o.Rest) {
		return nil, ctx.Err()
	}
	usage, err := rig.UsageOf(server.Process().Pid)
	if err != nil {
		return nil, err
	}
	slices.Sort(times)
	return []table.Row{{
		Work: fmt.Sprintf("start until it listens, %d messages", messages), Database: string(kind), Unit: "ms",
		Ours: float64(times[len(times)/2].Microseconds()) / 1000, Goal: table.Goal{AtMost: true, Value: 100},
	}, {
		Work: fmt.Sprintf("memory, nobody there, %d messages", messages), Database: string(kind), Unit: "MiB",
		Ours: float64(usage.Resident) / (1 << 20), Goal: table.Goal{AtMost: true, Value: 40},
	}}, nil
}

// atATime is how many sign in side by side.
const atATime = 16

// measureStorm lets people sign in; the database has next to nothing to do with it, so SQLite stands for both.
func measureStorm(ctx context.Context, o Options) (row table.Row, err error) {
	limit := bareHashes(o.SignIns)
	row = table.Row{
		Work: fmt.Sprintf("sign-in, %d at a time", atATime), Unit: "people/s", Limit: limit, LimitIs: "bare argon2id",
		Goal: table.Goal{Ratio: true, Value: 0.9},
	}
	err = rig.WithServer(ctx, o.ServerBin, o.Dir, rig.SQLite, o.SignIns, func(server *rig.Server, _ *rig.Data) error {
		started := rig.Now()
		err := side(o.SignIns, func(i int) error {
			person, err := rig.SignInOne(ctx, server.URL(), i+1, nil)
			person.Close()
			return err
		})
		row.Ours = float64(o.SignIns) / rig.Now().Sub(started).Seconds()
		return err
	})
	return row, err
}

// bareHashes is how many passwords a second are hashed with the server's own parameters (security.md: argon2id, 19 MiB, two
// passes, one lane), side by side as well.
func bareHashes(n int) float64 {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // it never fails
	started := rig.Now()
	_ = side(n, func(int) error {
		argon2.IDKey([]byte(rig.Password), salt, 2, 19*1024, 1, 32)
		return nil
	})
	return float64(n) / rig.Now().Sub(started).Seconds()
}

// side does something n times, atATime side by side, and returns the first error.
func side(n int, do func(i int) error) error {
	todo := make(chan int, n)
	for i := range n {
		todo <- i
	}
	close(todo)
	failed := make(chan error, atATime)
	var working sync.WaitGroup
	for range atATime {
		working.Go(func() {
			for i := range todo {
				if err := do(i); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	working.Wait()
	close(failed)
	return <-failed
}
