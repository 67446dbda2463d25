package fanout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"himsg/server/cmd/himsg-bench/internal/bare"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/cmd/himsg-bench/internal/table"
	"himsg/shared/wire"
)

// Options are the flags of "himsg-bench fanout".
type Options struct {
	ServerBin string        `required:"" placeholder:"PATH" help:"himsg-server to measure."`
	Database  string        `enum:"sqlite,mariadb,both" default:"both" help:"sqlite, mariadb or both; MariaDB is a private one."`
	Members   []int         `default:"100,1000" help:"People in the room, all online; one measurement for each number."`
	Writers   int           `default:"10" help:"How many of them write."`
	Duration  time.Duration `default:"8s" help:"Length of each measurement, after a warm-up of a quarter of it."`
	Dir       string        `placeholder:"DIR" help:"Where the databases lie. Empty: the system's place for temporary files."`
	Out       string        `default:"bench/fanout.json" placeholder:"FILE" help:"Where the figures go as JSON."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	if o.Writers < 1 || o.Duration < 500*time.Millisecond {
		return errors.New("--writers is at least 1, --duration at least 500ms")
	}
	for _, n := range o.Members {
		if n <= o.Writers || n > 5000 {
			return errors.New("--members is more than --writers, at most 5000")
		}
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
	for _, members := range o.Members {
		limit, err := Bare(ctx, members, o.Writers, o.Duration)
		if err != nil {
			return nil, fmt.Errorf("bare server: %w", err)
		}
		for _, kind := range rig.Kinds(o.Database) {
			row := table.Row{
				Work: fmt.Sprintf("group of %d, full", members), Database: string(kind), Unit: "deliveries/s",
				Limit: limit, LimitIs: "bare fan-out, nothing stored", Goal: table.Goal{Ratio: true, Value: 0.8},
			}
			err := rig.WithServer(ctx, o.ServerBin, o.Dir, kind, members, func(server *rig.Server, _ *rig.Data) (err error) {
				row.Ours, err = measure(ctx, o, server, members)
				return err
			})
			if err != nil {
				return nil, fmt.Errorf("%s, %d members: %w", kind, members, err)
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// measure is ours: everybody listens, and the first of them write over the connections that they listen on.
func measure(ctx context.Context, o Options, server *rig.Server, members int) (rate float64, err error) {
	people, err := rig.SignIn(ctx, server.URL(), members)
	defer func() {
		for _, p := range people {
			p.Close()
		}
	}()
	if err != nil {
		return 0, err
	}
	room, err := Room(ctx, people)
	if err != nil {
		return 0, err
	}
	end, err := server.Measured(fmt.Sprintf("group of %d", members))
	if err != nil {
		return 0, err
	}
	rate, err = Rate(ctx, server.URL(), people, room, o.Writers, o.Duration)
	return rate, errors.Join(err, end())
}

// Room makes a room of people.
func Room(ctx context.Context, people []rig.Person) (room string, err error) {
	var others []string
	for _, p := range people[1:] {
		others = append(others, p.UUID)
	}
	room, err = people[0].Session.CreateRoom(ctx, wire.CreateRoomRequest{Name: "전 직원", Members: others})
	if err != nil {
		return "", fmt.Errorf("create room: %w", err)
	}
	return room, nil
}

// Rate lets those of a room's members who are online hear what the first of them write, and returns how many deliveries a second there
// were.
func Rate(ctx context.Context, url string, online []rig.Person, room string, writers int, length time.Duration) (rate float64, err error) {
	e := newEars()
	defer e.close()
	for _, p := range online {
		token, err := p.Session.Access(ctx)
		if err != nil {
			return 0, err
		}
		if err := e.connect(ctx, "ws"+strings.TrimPrefix(url, "http")+"/ws", token); err != nil {
			return 0, err
		}
	}
	return e.rate(ctx, writers, len(online), length, e.writer(func(number int64) ([]byte, error) { return request(room, number) }))
}

// Bare is the limit: the same frames, as long as the server's own events.
func Bare(ctx context.Context, members, writers int, length time.Duration) (rate float64, err error) {
	server, err := bare.Start(ctx, bare.Options{})
	if err != nil {
		return 0, err
	}
	e := newEars()
	defer func() {
		e.close()
		err = errors.Join(err, server.Close())
	}()
	for range members {
		if err := e.connect(ctx, server.URL(), ""); err != nil {
			return 0, err
		}
	}
	return e.rate(ctx, writers, members-1, length, e.writer(event)) // nobody hears himself there
}

// writer makes what a writer does of the making of a frame: writer i writes on connection i, one frame after the other.
func (e *ears) writer(frame func(number int64) ([]byte, error)) func(writer int, number int64) error {
	locks := make([]sync.Mutex, len(e.open))
	return func(writer int, number int64) error {
		body, err := frame(number)
		if err != nil {
			return err
		}
		locks[writer].Lock()
		defer locks[writer].Unlock()
		if err := e.open[writer].WriteMessage(1, body); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		return nil
	}
}

// request is a message as the app sends it.
func request(room string, number int64) ([]byte, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("make client_id: %w", err)
	}
	d, err := json.Marshal(wire.SendRequest{RoomUUID: room, ClientID: id.String(), Text: text(number)})
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	body, err := json.Marshal(wire.Request{ID: uint64(number), Op: wire.OpSend, D: d})
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return body, nil
}

// event is a message as the server hands it out.
func event(number int64) ([]byte, error) {
	d, err := json.Marshal(wire.Message{
		RoomUUID: uuid.NewString(), MessageID: number, Seq: number, Rev: number, Kind: wire.MessageUser, SenderUUID: uuid.NewString(),
		ClientID: uuid.NewString(), Text: text(number), Timestamp: wire.TimeOf(rig.Now()),
	})
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	body, err := json.Marshal(wire.Envelope{Ev: wire.EvMessage, D: d})
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return body, nil
}
