package founding

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// Options say how large the company is.
type Options struct {
	People   int
	SignedIn int // the first of them have a device that is signed in
	// Blocks of so many people sit in the same Rooms rooms, so that everybody is in Rooms. 0: there are none.
	Block, Rooms int
	// Messages are spread over the rooms by turns, the last one a moment ago. Texts are what they are made of, by turns as well.
	Messages int
	Texts    []string
	// Unlisted people are in nobody's directory, so that no client loads them.
	Unlisted bool
}

// began is when everything happened that did not happen lately.
const began = 1_767_225_600_000

// loadRows is how many rows one transaction makes: the journal stays small.
const loadRows = 200_000

// Company is what was made. People and rooms count from 0.
type Company struct {
	o Options
	// ids of those who were there before
	people, rooms, messages int64
}

// Found makes a company beside the people who are in the database. The server must not run.
func Found(ctx context.Context, data *rig.Data, o Options) (c *Company, err error) {
	if o.Block > 0 && o.People%o.Block > 0 || o.SignedIn > o.People || o.Messages > 0 && (o.Rooms == 0 || len(o.Texts) == 0) {
		return nil, errors.New("found a company: people come in whole blocks, and messages have rooms and texts")
	}
	f, err := open(ctx, data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	c = &Company{o: o}
	for table, id := range map[string]*int64{"users": &c.people, "rooms": &c.rooms, "messages": &c.messages} {
		if err := f.conn.QueryRowContext(ctx, "select coalesce(max(id), 0) from "+table).Scan(id); err != nil {
			return nil, fmt.Errorf("look who is there: %w", err)
		}
	}
	for _, part := range []func(context.Context, *filler) error{c.hire, c.signIn, c.openRooms, c.talk} {
		if err := part(ctx, f); err != nil {
			return nil, fmt.Errorf("found a company: %w", err)
		}
	}
	return c, f.finish(ctx)
}

// roomCount is how many rooms there are.
func (c *Company) roomCount() int {
	if c.o.Block == 0 {
		return 0
	}
	return c.o.People / c.o.Block * c.o.Rooms
}

// said is how many messages a room has.
func (c *Company) said(room int) int64 {
	n := c.roomCount()
	said := c.o.Messages / n
	if room < c.o.Messages%n {
		said++
	}
	return int64(said)
}

// UUID is a person's user_uuid.
func (c *Company) UUID(person int) string { return uuidOf(userKind, c.people+1+int64(person)) }

// Rooms are the room_uuids of a person, and the rev that each has.
func (c *Company) Rooms(person int) (uuids []string, revs []int64) {
	if c.o.Block == 0 {
		return nil, nil
	}
	first := person / c.o.Block * c.o.Rooms
	for room := first; room < first+c.o.Rooms; room++ {
		uuids = append(uuids, uuidOf(roomKind, c.rooms+1+int64(room)))
		revs = append(revs, c.said(room)+1)
	}
	return uuids, revs
}

// Owns reports whether a room is one of those that were made.
func (c *Company) Owns(roomUUID string) bool { return strings.HasPrefix(roomUUID, roomKind) }

// hire makes people. Nobody knows a password of theirs.
func (c *Company) hire(ctx context.Context, f *filler) error {
	rev, id := "n.i", f.plus(c.people)
	if c.o.Unlisted {
		rev = "0"
	}
	name := func(head string) string { return f.text("'"+head+"'", id) }
	err := f.rows(ctx, c.o.People, `insert into users (id, user_uuid, username, username_key, employee_id, employee_id_key,
  email, email_key, name, password_hash, role, state, rev, created_at, updated_at, grade, department)
select `+id+", "+f.uuid(userKind, id)+", "+name("many")+", "+name("many")+", "+name("m")+", "+name("m")+", "+
		f.text("'many'", id, "'@example.com'")+", "+f.text("'many'", id, "'@example.com'")+", "+name("사람 ")+
		", 'x', 'user', 'active', "+rev+fmt.Sprintf(", %d, %d, '사원', '영업부' from ", began, began), "")
	if err != nil || c.o.Unlisted {
		return err
	}
	// The directory's revs go on behind those of the people who were there before.
	var before int64
	if err := f.conn.QueryRowContext(ctx, "select value from counters where name = 'directory_rev'").Scan(&before); err != nil {
		return fmt.Errorf("read directory_rev: %w", err)
	}
	if err := f.exec(ctx, "update users set rev = rev + ? where id > ?", before, c.people); err != nil {
		return err
	}
	return f.exec(ctx, "update counters set value = ? where name = 'directory_rev'", before+int64(c.o.People))
}

// openRooms makes the blocks' rooms with their members, who have read everything.
func (c *Company) openRooms(ctx context.Context, f *filler) error {
	n := c.roomCount()
	if n == 0 {
		return nil
	}
	now, id := rig.Now().UnixMilli(), f.plus(c.rooms)
	// Room n.i has the n.i-th, the n.i+n-th … message.
	said := fmt.Sprintf("(%d + (case when n.i <= %d then 1 else 0 end))", c.o.Messages/n, c.o.Messages%n)
	err := f.rows(ctx, n, `insert into rooms (id, room_uuid, kind, name, created_by, created_at, last_seq, rev, meta_rev,
  last_message_at, changed_at, timed_from)
select `+id+", "+f.uuid(roomKind, id)+", 'group', "+f.text("'방 '", id)+", "+
		fmt.Sprintf("%d, %d, %s, %s + 1, 1, %d + n.i, %d + n.i, %s from ", c.people+1, began, said, said, now-dayMillis, now-dayMillis, said), "")
	if err != nil {
		return err
	}
	// Seat n.i is of person (n.i-1) / Rooms, in the (n.i-1) % Rooms-th room of his block.
	person := fmt.Sprintf("((n.i - 1) %s %d)", f.div, c.o.Rooms)
	room := fmt.Sprintf("(%s %s %d * %d + (n.i - 1) %% %d)", person, f.div, c.o.Block, c.o.Rooms, c.o.Rooms)
	read := fmt.Sprintf("(%d + (case when %s < %d then 1 else 0 end))", c.o.Messages/n, room, c.o.Messages%n)
	return f.rows(ctx, c.o.People*c.o.Rooms, `insert into room_members (room_id, user_id, role, joined_seq, joined_at, last_read_seq)
select `+fmt.Sprintf("%d + %s, %d + %s, (case when %s %% %d = 0 then 'owner' else 'member' end), 0, %d, %s from ",
		c.rooms+1, room, c.people+1, person, person, c.o.Block, began, read), "")
}

const dayMillis = 24 * 60 * 60 * 1000

// talk makes the messages, a second after each other. Who writes is one of the room's block.
func (c *Company) talk(ctx context.Context, f *filler) error {
	if c.o.Messages == 0 {
		return nil
	}
	if err := f.textTable(ctx, c.o.Texts); err != nil {
		return err
	}
	n, start := c.roomCount(), rig.Now().UnixMilli()-dayMillis-1000*int64(c.o.Messages)
	room := fmt.Sprintf("((n.i - 1) %% %d)", n)
	seq := fmt.Sprintf("((n.i - 1) %s %d + 1)", f.div, n)
	sender := fmt.Sprintf("(%s %s %d * %d + (n.i * 7) %% %d)", room, f.div, c.o.Rooms, c.o.Block, c.o.Block)
	id := f.plus(c.messages)
	return f.rows(ctx, c.o.Messages, `insert into messages (id, room_id, seq, rev, kind, sender_id, client_id, text, created_at)
select `+fmt.Sprintf("%s, %d + %s, %s, %s + 1, 'user', %d + %s, %s, t.body, %d + 1000 * n.i from ",
		id, c.rooms+1, room, seq, seq, c.people+1, sender, f.uuid(messageKind, id), start),
		fmt.Sprintf(" cross join bench_texts t where t.id = n.i %% %d", len(c.o.Texts))) // SQLite goes through the numbers
}

// Kinds of UUIDs: the first eight digits.
const (
	userKind    = "6d616e79"
	roomKind    = "726f6f6d"
	messageKind = "6d657367"
	deviceKind  = "64657669"
	sessionKind = "73657373"
)

func uuidOf(kind string, n int64) string { return fmt.Sprintf("%s-0000-7000-8000-%012x", kind, n) }

// filler writes in the words of one of the databases.
type filler struct {
	db    *sql.DB
	conn  *sql.Conn
	maria bool
	div   string // divides whole numbers
}

func open(ctx context.Context, data *rig.Data) (*filler, error) {
	driver, dsn := data.Source()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	f := &filler{db: db, maria: data.Kind != rig.SQLite, div: "/"}
	quick := []string{"pragma synchronous = off", "pragma cache_size = -200000", "pragma temp_store = memory"}
	if f.maria {
		f.div = "div"
		quick = []string{"set session foreign_key_checks = 0", "set session unique_checks = 0"}
	}
	if f.conn, err = db.Conn(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect: %w", err), db.Close())
	}
	for _, statement := range quick {
		if err := f.exec(ctx, statement); err != nil {
			return nil, errors.Join(err, f.close())
		}
	}
	return f, nil
}

func (f *filler) close() error { return errors.Join(f.conn.Close(), f.db.Close()) }

func (f *filler) exec(ctx context.Context, statement string, args ...any) error {
	if _, err := f.conn.ExecContext(ctx, statement, args...); err != nil {
		return fmt.Errorf("%.60s…: %w", statement, err)
	}
	return nil
}

// finish lets the database be as after a quiet night: MariaDB knows its tables' sizes, SQLite's journal is short.
func (f *filler) finish(ctx context.Context) error {
	if f.maria {
		return f.exec(ctx, "analyze table users, rooms, room_members, messages")
	}
	return f.exec(ctx, "pragma wal_checkpoint(truncate)")
}

// rows runs an insert for the numbers n.i from 1 to most, some at a time. The statement is head, the numbers and tail.
func (f *filler) rows(ctx context.Context, most int, head, tail string) error {
	for from := 1; from <= most; from += loadRows {
		to := min(from+loadRows-1, most)
		numbers := fmt.Sprintf("(with recursive k(i) as (select %d union all select i + 1 from k where i < %d) select i from k) n", from, to)
		if f.maria {
			numbers = fmt.Sprintf("(select seq as i from seq_%d_to_%d) n", from, to)
		}
		if err := f.exec(ctx, head+numbers+tail); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) plus(before int64) string { return fmt.Sprintf("(n.i + %d)", before) }

// text joins expressions.
func (f *filler) text(parts ...string) string {
	sep, head, end := " || ", "(", ")"
	if f.maria {
		sep, head = ", ", "concat("
	}
	for i, p := range parts {
		if i > 0 {
			head += sep
		}
		head += p
	}
	return head + end
}

// uuid is what uuidOf makes, of an expression.
func (f *filler) uuid(kind, number string) string {
	digits := "printf('%012x', " + number + ")"
	if f.maria {
		digits = "lpad(lower(hex(" + number + ")), 12, '0')"
	}
	return f.text("'"+kind+"-0000-7000-8000-'", digits)
}

// textTable holds texts by their place while this connection lasts.
func (f *filler) textTable(ctx context.Context, texts []string) error {
	end := ""
	if f.maria {
		end = " default charset=utf8mb4"
	}
	if err := f.exec(ctx, "create temporary table bench_texts (id integer primary key, body text not null)"+end); err != nil {
		return err
	}
	var table [][]any
	for i, body := range texts {
		table = append(table, []any{i, body})
	}
	return f.values(ctx, "insert into bench_texts (id, body) values ", table)
}

// values inserts rows that no statement can make.
func (f *filler) values(ctx context.Context, head string, rows [][]any) error {
	const atATime = 200
	for part := range slices.Chunk(rows, atATime) {
		statement, args := head, make([]any, 0, len(part)*len(part[0]))
		for i, row := range part {
			if i > 0 {
				statement += ", "
			}
			statement += "("
			for k := range row {
				if k > 0 {
					statement += ", "
				}
				statement += "?"
			}
			statement += ")"
			args = append(args, row...)
		}
		if err := f.exec(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}
