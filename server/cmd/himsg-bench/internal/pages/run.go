package pages

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/cmd/himsg-bench/internal/table"
	"himsg/shared/wire"
)

const (
	readers  = 8
	pageSize = 50
	// writersAtATime is as much as a connection may have under way.
	writersAtATime = 200
)

// Options are the flags of "himsg-bench pages".
type Options struct {
	ServerBin string        `required:"" placeholder:"PATH" help:"himsg-server to measure."`
	Database  string        `enum:"sqlite,mariadb,both" default:"both" help:"sqlite, mariadb or both; MariaDB is a private one."`
	Messages  int           `default:"100000" help:"Messages of the room that is read."`
	Rooms     int           `default:"500" help:"Rooms of the one whose list is loaded."`
	Duration  time.Duration `default:"5s" help:"Length of each measurement."`
	Dir       string        `placeholder:"DIR" help:"Where the databases lie. Empty: the system's place for temporary files."`
	Out       string        `default:"bench/pages.json" placeholder:"FILE" help:"Where the figures go as JSON."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	if o.Messages < pageSize || o.Messages > 1_000_000 || o.Rooms < 1 || o.Rooms > 5000 || o.Duration < 500*time.Millisecond {
		return errors.New("--messages is 50 to 1000000, --rooms 1 to 5000, --duration at least 500ms")
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
		err := rig.WithServer(ctx, o.ServerBin, o.Dir, kind, readers, func(server *rig.Server, data *rig.Data) error {
			some, err := measure(ctx, o, server, data)
			rows = append(rows, some...)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", kind, err)
		}
	}
	return rows, nil
}

func measure(ctx context.Context, o Options, server *rig.Server, data *rig.Data) (rows []table.Row, err error) {
	people, err := rig.SignIn(ctx, server.URL(), readers)
	defer func() {
		for _, p := range people {
			p.Close()
		}
	}()
	if err != nil {
		return nil, err
	}
	desks, hangUp, err := rig.Connect(ctx, people)
	defer hangUp()
	if err != nil {
		return nil, err
	}
	rows, err = measureHistory(ctx, o, server, desks, data)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	lists, err := measureList(ctx, o, server, desks[0], []string{desks[1].Person.UUID, desks[2].Person.UUID})
	if err != nil {
		return nil, fmt.Errorf("room list: %w", err)
	}
	rows = append(rows, lists...)
	for i := range rows {
		rows[i].Database = string(data.Kind)
	}
	return rows, nil
}

func measureHistory(ctx context.Context, o Options, server *rig.Server, desks []*rig.Line, data *rig.Data) ([]table.Row, error) {
	room, err := Room(ctx, desks, o.Messages)
	if err != nil {
		return nil, err
	}
	limit, err := BareSelects(ctx, data, o.Duration)
	if err != nil {
		return nil, fmt.Errorf("bare select: %w", err)
	}
	end, err := server.Measured("history")
	if err != nil {
		return nil, err
	}
	perSecond, times, err := Newest(ctx, desks, room, o.Duration)
	if err = errors.Join(err, end()); err != nil {
		return nil, err
	}
	work := fmt.Sprintf("newest %d of %d messages", pageSize, o.Messages)
	return []table.Row{
		{Work: work, Unit: "pages/s", Ours: perSecond, Limit: limit, LimitIs: "bare select", Goal: table.Goal{Ratio: true, Value: 0.5}},
		{Work: work + ", p99", Unit: "ms", Ours: rig.Percentile(times, 99)},
	}, nil
}

// Room makes a room of these people, with so many messages.
func Room(ctx context.Context, desks []*rig.Line, messages int) (room string, err error) {
	var others []string
	for _, d := range desks[1:] {
		others = append(others, d.Person.UUID)
	}
	room, err = desks[0].Person.Session.CreateRoom(ctx, wire.CreateRoomRequest{Name: "자료실", Members: others})
	if err != nil {
		return "", fmt.Errorf("create room: %w", err)
	}
	return room, fill(ctx, desks, room, messages)
}

// Newest lets all of these people load a room's newest page again and again, and returns how often a second, and how long each took.
func Newest(ctx context.Context, desks []*rig.Line, room string, length time.Duration) (float64, []time.Duration, error) {
	return rig.Repeat(ctx, len(desks), length, func(ctx context.Context, reader int) error {
		page, err := desks[reader].Conn.History(ctx, wire.HistoryRequest{RoomUUID: room, Limit: pageSize})
		if err == nil && len(page.Messages) != pageSize {
			err = fmt.Errorf("a page of %d messages", len(page.Messages))
		}
		return err
	})
}

// fill writes the room's messages, over all connections.
func fill(ctx context.Context, desks []*rig.Line, room string, n int) error {
	todo := make(chan int, n)
	for i := range n {
		todo <- i
	}
	close(todo)
	var writing sync.WaitGroup
	failed := make(chan error, len(desks)*writersAtATime)
	for _, d := range desks {
		for range writersAtATime {
			writing.Go(func() {
				for i := range todo {
					id, err := uuid.NewV7()
					if err == nil {
						_, err = d.Conn.Send(ctx, wire.SendRequest{RoomUUID: room, ClientID: id.String(), Text: text(i)})
					}
					if err != nil {
						failed <- err
						return
					}
				}
			})
		}
	}
	writing.Wait()
	close(failed)
	return <-failed
}

// text is about 120 bytes, half of it Hangul, as people write.
func text(i int) string {
	return fmt.Sprintf("%d | 회의 자료 공유드립니다. 확인 부탁드려요 please check the attached plan before 3 pm", i)
}

// BareSelects is how many pages a second a program reads that only selects the same rows from the same database.
func BareSelects(ctx context.Context, data *rig.Data, length time.Duration) (float64, error) {
	driver, dsn := data.Source()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return 0, fmt.Errorf("open: %w", err)
	}
	defer func() { _ = db.Close() }() // only read
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	var room int64
	if err := db.QueryRowContext(ctx, "select room_id from messages group by room_id order by count(*) desc limit 1").Scan(&room); err != nil {
		return 0, fmt.Errorf("find the room: %w", err)
	}
	page, err := db.PrepareContext(ctx, `select id, seq, rev, kind, sender_id, client_id, text, created_at, edited_at, deleted_at,
  reply_to_seq, forwarded_from, pinned from messages where room_id = ? order by seq desc limit ?`)
	if err != nil {
		return 0, fmt.Errorf("prepare: %w", err)
	}
	defer func() { _ = page.Close() }() // with its database
	perSecond, _, err := rig.Repeat(ctx, readers, length, func(ctx context.Context, _ int) error { return onePage(ctx, page, room) })
	return perSecond, err
}

func onePage(ctx context.Context, page *sql.Stmt, room int64) (err error) {
	rows, err := page.QueryContext(ctx, room, pageSize)
	if err != nil {
		return fmt.Errorf("select: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Err(), rows.Close()) }()
	n := 0
	for rows.Next() {
		var id, seq, rev, sender, created, pinned int64
		var kind, clientID, body string
		var edited, deleted, reply, forwarded sql.NullInt64
		err := rows.Scan(&id, &seq, &rev, &kind, &sender, &clientID, &body, &created, &edited, &deleted, &reply, &forwarded, &pinned)
		if err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		n++
	}
	if n != pageSize {
		return fmt.Errorf("a page of %d rows", n)
	}
	return nil
}

// measureList loads the list of somebody with many rooms, as the app does when it starts: whole, and then with what it holds.
func measureList(ctx context.Context, o Options, server *rig.Server, d *rig.Line, others []string) ([]table.Row, error) {
	for i := range o.Rooms {
		in := wire.CreateRoomRequest{Name: fmt.Sprintf("프로젝트 %d", i), Members: others}
		if _, err := d.Person.Session.CreateRoom(ctx, in); err != nil {
			return nil, fmt.Errorf("create room: %w", err)
		}
	}
	held := wire.SyncRequest{Rooms: map[string][2]int64{}}
	whole := func(ctx context.Context, _ int) error {
		var reply wire.SyncReply
		err := d.Conn.Call(ctx, wire.OpSync, wire.SyncRequest{Rooms: map[string][2]int64{}, DirectoryRev: held.DirectoryRev}, &reply)
		if err == nil && len(reply.Rooms) < o.Rooms {
			err = fmt.Errorf("a list of %d rooms", len(reply.Rooms))
		}
		for _, r := range reply.Rooms {
			held.Rooms[r.RoomUUID] = [2]int64{r.Rev, r.My.Rev}
		}
		return err
	}
	again := func(ctx context.Context, _ int) error {
		var reply wire.SyncReply
		err := d.Conn.Call(ctx, wire.OpSync, held, &reply)
		if err == nil && len(reply.Rooms) > 0 {
			err = fmt.Errorf("%d rooms come again", len(reply.Rooms))
		}
		return err
	}
	var rows []table.Row
	for _, m := range []struct {
		name string
		do   func(context.Context, int) error
	}{{"list of %d rooms, whole", whole}, {"list of %d rooms, nothing new", again}} {
		name := fmt.Sprintf(m.name, o.Rooms)
		end, err := server.Measured(name)
		if err != nil {
			return nil, err
		}
		_, times, err := rig.Repeat(ctx, 1, o.Duration, m.do)
		if err = errors.Join(err, end()); err != nil {
			return nil, err
		}
		rows = append(rows, table.Row{
			Work: name + ", p99", Unit: "ms", Ours: rig.Percentile(times, 99), Goal: table.Goal{AtMost: true, Value: 20},
		})
	}
	return rows, nil
}
