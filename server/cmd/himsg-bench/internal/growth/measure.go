package growth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"himsg/server/cmd/himsg-bench/internal/fanout"
	"himsg/server/cmd/himsg-bench/internal/finding"
	"himsg/server/cmd/himsg-bench/internal/founding"
	"himsg/server/cmd/himsg-bench/internal/pages"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/cmd/himsg-bench/internal/speed"
	"himsg/shared/wire"
)

// Who does the work, whatever the size of the company.
const (
	online       = 200             // people who come, in pairs that write to each other
	underWay     = 4               // messages of each pair
	groupOf      = 100             // of them sit in a group
	writers      = 10              // of whom write
	readers      = 8               // load the newest page
	roomMessages = 500             // of the room that they load
	rest         = 5 * time.Second // before memory is read
)

// measurement is the work in one company.
type measurement struct {
	o       Options
	point   point
	company *founding.Company
	server  *rig.Server
	data    *rig.Data
	people  []rig.Person
	rows    []Row
}

// add takes a figure, on each axis that this company is a point of.
func (m *measurement) add(r Row) {
	for _, axis := range m.point.axes {
		r.Database, r.Axis, r.At = string(m.point.kind), axis, m.point.at(axis)
		m.rows = append(m.rows, r)
	}
}

func (m *measurement) all(ctx context.Context, server *rig.Server, data *rig.Data) (err error) {
	m.server, m.data = server, data
	if err := m.atRest(ctx); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	m.people, err = m.company.People(ctx, max(online, most(m.point.members)), server.URL())
	defer func() {
		for _, p := range m.people {
			p.Close()
		}
	}()
	if err != nil {
		return err
	}
	for _, part := range []struct {
		name string
		do   func(context.Context) error
	}{{"lists, search and directory", m.asking}, {"history", m.history}, {"1:1", m.pairs}, {"group", m.group}, {"rooms", m.rooms}} {
		if err := part.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// atRest restarts the server while nobody is there.
func (m *measurement) atRest(ctx context.Context) error {
	machine := rig.Yardstick()
	var times []time.Duration
	for range m.o.starts() {
		if err := m.server.Stop(); err != nil {
			return err
		}
		started := rig.Now()
		if err := m.server.Start(ctx); err != nil {
			return err
		}
		times = append(times, rig.Now().Sub(started))
	}
	if !m.o.Short && !rig.Sleep(ctx, rest) {
		return ctx.Err()
	}
	usage, err := rig.UsageOf(m.server.Process().Pid)
	m.add(Row{Work: "start until it listens", Unit: "ms", Ours: rig.Percentile(times, 50), Machine: machine})
	m.add(Row{Work: "memory, nobody there", Unit: "MiB", Ours: float64(usage.Resident) / (1 << 20), Machine: machine})
	return err
}

// asking is what one person asks for, one after the other.
func (m *measurement) asking(ctx context.Context) error {
	lines, hangUp, err := rig.Connect(ctx, m.people[:1])
	defer hangUp()
	if err != nil {
		return err
	}
	conn, session := lines[0].Conn, lines[0].Person.Session
	held := wire.SyncRequest{Rooms: map[string][2]int64{}}
	words, next := finding.Frequent(frequent), 0
	for _, ask := range []struct {
		work string
		do   func(ctx context.Context) error
	}{
		{fmt.Sprintf("list of %d rooms, whole, p50", rooms), func(ctx context.Context) error {
			var reply wire.SyncReply
			err := conn.Call(ctx, wire.OpSync, wire.SyncRequest{Rooms: map[string][2]int64{}}, &reply)
			if err == nil && len(reply.Rooms) != rooms {
				err = fmt.Errorf("a list of %d rooms", len(reply.Rooms))
			}
			for _, r := range reply.Rooms {
				held.Rooms[r.RoomUUID] = [2]int64{r.Rev, r.My.Rev}
			}
			return err
		}},
		{fmt.Sprintf("list of %d rooms, nothing new, p50", rooms), func(ctx context.Context) error {
			var reply wire.SyncReply
			err := conn.Call(ctx, wire.OpSync, held, &reply)
			if err == nil && len(reply.Rooms) > 0 {
				err = fmt.Errorf("%d rooms come again", len(reply.Rooms))
			}
			return err
		}},
		{"search, a frequent word, p50", func(ctx context.Context) error {
			next++
			_, err := conn.Search(ctx, wire.SearchRequest{Query: words[next%len(words)]})
			return err
		}},
		{"first page of the directory, p50", func(ctx context.Context) error {
			page, err := session.Directory(ctx, 0, directoryPage)
			if err == nil && len(page.Users) == 0 {
				err = errors.New("the directory is empty")
			}
			return err
		}},
	} {
		machine := rig.Yardstick()
		_, times, err := rig.Repeat(ctx, 1, m.o.Duration, func(ctx context.Context, _ int) error { return ask.do(ctx) })
		if err != nil {
			return fmt.Errorf("%s: %w", ask.work, err)
		}
		m.add(Row{Work: ask.work, Unit: "ms", Ours: rig.Percentile(times, 50), Machine: machine})
	}
	return nil
}

const (
	frequent      = 20 // words that are searched for
	directoryPage = 500
)

// history is the newest page of a room that some load at a time.
func (m *measurement) history(ctx context.Context) error {
	lines, hangUp, err := rig.Connect(ctx, m.people[:readers])
	defer hangUp()
	if err != nil {
		return err
	}
	room, err := pages.Room(ctx, lines, roomMessages)
	if err != nil {
		return err
	}
	machine := rig.Yardstick()
	limit, err := pages.BareSelects(ctx, m.data, m.o.Duration)
	if err != nil {
		return fmt.Errorf("bare select: %w", err)
	}
	perSecond, _, err := pages.Newest(ctx, lines, room, m.o.Duration)
	m.add(Row{
		Work: "newest 50 messages", Unit: "pages/s", Ours: perSecond, More: true, Limit: limit, LimitIs: "bare select", Machine: machine,
	})
	return err
}

func (m *measurement) pairs(ctx context.Context) error {
	machine := rig.Yardstick()
	limit, err := speed.BareInserts(ctx, m.data, underWay*online/2, m.o.Duration)
	if err != nil {
		return fmt.Errorf("bare insert: %w", err)
	}
	full, err := speed.Full(ctx, m.people[:online], underWay, m.o.Duration)
	m.add(Row{
		Work: fmt.Sprintf("1:1 full, %d each", underWay), Unit: "messages/s", Ours: full.PerSecond, More: true,
		Limit: limit, LimitIs: "bare group insert", Machine: machine,
	})
	m.add(Row{Work: fmt.Sprintf("1:1 full, %d each, received, p99", underWay), Unit: "ms", Ours: full.ReceivedP99, Machine: machine})
	return err
}

// group is a group whose members are all online.
func (m *measurement) group(ctx context.Context) error {
	row, err := m.heard(ctx, m.people[:groupOf], groupOf)
	row.Work = fmt.Sprintf("group of %d, full", groupOf)
	m.add(row)
	return err
}

// rooms are rooms of several sizes, everybody online; and the largest again, with as many online as in a group.
func (m *measurement) rooms(ctx context.Context) error {
	for _, members := range m.point.members {
		row, err := m.heard(ctx, m.people[:members], members)
		if err != nil {
			return fmt.Errorf("room of %d: %w", members, err)
		}
		row.Work, row.Database, row.Axis, row.At = "deliveries, all online", string(m.point.kind), Members, members
		m.rows = append(m.rows, row)
		if members < groupOf {
			continue
		}
		if row, err = m.heard(ctx, m.people[:members], groupOf); err != nil {
			return fmt.Errorf("room of %d: %w", members, err)
		}
		row.Work, row.Database, row.Axis, row.At = fmt.Sprintf("deliveries, %d online", groupOf), string(m.point.kind), Members, members
		m.rows = append(m.rows, row)
	}
	return nil
}

// heard lets the first of a room's members hear what some of them write.
func (m *measurement) heard(ctx context.Context, members []rig.Person, here int) (Row, error) {
	write := min(writers, here)
	row := Row{Unit: "deliveries/s", More: true, LimitIs: "bare fan-out, nothing stored", Machine: rig.Yardstick()}
	var err error
	if row.Limit, err = fanout.Bare(ctx, here, write, m.o.Duration); err != nil {
		return row, fmt.Errorf("bare server: %w", err)
	}
	room, err := fanout.Room(ctx, slices.Clone(members))
	if err != nil {
		return row, err
	}
	row.Ours, err = fanout.Rate(ctx, m.server.URL(), members[:here], room, write, m.o.Duration)
	return row, err
}
