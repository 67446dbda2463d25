package sample

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Options say how large the original is.
type Options struct {
	People   int // 12 or more
	Messages int // 200 or more
	Files    int // of the messages; at most a third of them
	Seed     uint64
	Now      time.Time // its last message is an hour older
}

// Truth is what is in it, and what can't come.
type Truth struct {
	Passwords map[string]string // of those who may sign in, by user name
	Admin     string            // user name of its administrator
	People    int               // rows of users
	Active    int               // of them
	Ghosts    int               // people of messages who are not among the users
	Groups    int               // rooms that come
	Messages  int               // messages that come: of long ones each part
	Stay      int               // messages that don't
	Files     int               // files that come
	Bytes     int64
	Overwritten, Missing, Refused,
	Outside, Unclaimed int // files that don't
	Reencoded, Cleaned, Split, NoTime int // messages that come another way
}

// company is an original that is being made.
type company struct {
	o      Options
	ctx    context.Context
	db     *sql.DB
	dir    string // of uploads
	rng    *rand.Rand
	began  time.Time
	people []somebody
	rooms  []group
	truth  Truth
	rows   [][]any // of messages, to be inserted
	taken  map[string]bool
}

type somebody struct {
	id             int
	uuid, name     string
	username       string
	active, ghost  bool
	employeeNumber string
}

type group struct {
	uuid    string
	members []int // indexes of people
}

// Make fills an empty database (with an account that may create tables) and a folder.
func Make(ctx context.Context, db *sql.DB, dir string, o Options) (Truth, error) {
	c := &company{
		o: o, ctx: ctx, db: db, dir: dir, rng: rand.New(rand.NewPCG(o.Seed, 0x6c6567616379)), //nolint:gosec // no secrets, the same each time
		began: o.Now.AddDate(-1, 0, 0).UTC().Truncate(time.Second), truth: Truth{Passwords: map[string]string{}}, taken: map[string]bool{},
	}
	for _, step := range []func() error{c.tables, c.hire, c.gather, c.talk, c.mark} {
		if err := step(); err != nil {
			return c.truth, err
		}
	}
	return c.truth, nil
}

func (c *company) exec(query string, args ...any) error {
	if _, err := c.db.ExecContext(c.ctx, query, args...); err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	return nil
}

func (c *company) tables() error {
	for _, statement := range schema {
		if err := c.exec(statement); err != nil {
			return err
		}
	}
	return nil
}

func (c *company) uuid() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(c.rng.UintN(256))
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return uuid.UUID(b).String()
}

const wall = time.DateTime

// OldHash is how the original kept a password.
func OldHash(password string) string {
	sum := sha256.Sum256([]byte(password))
	return hex.EncodeToString(sum[:])
}

var (
	surnames    = strings.Fields("김 이 박 최 정 강 조 윤 장 임")
	given       = strings.Fields("민준 서연 지우 도윤 하은 예준 서윤 시우 지민 주원 하윤 지호 수아 준우")
	departments = strings.Fields("인사팀 영업1팀 영업2팀 개발팀 품질팀 디자인팀")
)

// hire makes the people. The last ones are those with something wrong: see odd.
func (c *company) hire() error {
	for i := range c.o.People {
		p := somebody{
			id: i + 1, uuid: c.uuid(), username: fmt.Sprintf("old%05d", i+1), active: true, employeeNumber: fmt.Sprintf("E%05d", i+1),
			name: surnames[i%len(surnames)] + given[i%len(given)],
		}
		password := fmt.Sprintf("예전 비밀번호 %d", i+1)
		if i%5 == 4 {
			password = fmt.Sprint(1000 + i) // of four characters, which the original allowed
		}
		row := person{p: p, hash: OldHash(password), approved: 1, email: p.username + "@example.com", born: "1980-01-02", department: departments[i%len(departments)]}
		if i == 0 {
			row.admin, c.truth.Admin = 1, p.username
		}
		c.odd(&row, c.o.People-1-i, &password)
		if row.p.active && password != "" {
			c.truth.Passwords[row.p.username] = password
		}
		if row.p.active {
			c.truth.Active++
		}
		c.people = append(c.people, row.p)
		if err := row.insert(c); err != nil {
			return err
		}
	}
	c.truth.People = c.o.People
	return c.exec("insert into password_reset_requests (username, status, requested_at) values ('old00002', 'approved', ?)", c.began.Format(wall))
}

// person is a row of users.
type person struct {
	p                         somebody
	hash, email, born         any
	department                string
	approved, admin, rejected int
}

func (r person) insert(c *company) error {
	return c.exec(`insert into users (id, user_uuid, name, employee_id, birth_date, position, grade, department, email, username,
  password_hash, is_approved, is_admin, is_rejected, created_at) values (?, ?, ?, ?, ?, '팀원', '사원', ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.p.id, r.p.uuid, r.p.name, r.p.employeeNumber, r.born, r.department, r.email, r.p.username, r.hash, r.approved, r.admin,
		r.rejected, c.began.Format(wall))
}

// odd gives the last people what is wrong with them; n is how many come after.
func (c *company) odd(r *person, n int, password *string) {
	switch n {
	case 0: // waits, and was made an administrator by SQL
		r.approved, r.admin, r.p.active = 0, 1, false
	case 1: // rejected, never let in
		r.approved, r.rejected, r.p.active = 0, 1, false
	case 2: // walks out of folders; has another way of writing the user name of the next
		r.p.name, r.p.username = "../x", "\u1112\u1161\u11ab" // 한, decomposed
		*password = ""                                        // it is changed: Passwords does not say it
	case 3:
		r.p.username = "한"
	case 4: // a password that nobody knows, no birth date, no address
		r.hash, r.email, r.born, *password = "!", "no address", nil, ""
	case 5: // a name that was stored as Latin-1
		r.p.name = mojibake("김손상")
	}
}

// mojibake is a text as it comes out of a column that took its UTF-8 for Latin-1.
func mojibake(s string) string {
	const odd = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"
	high := []rune(odd)
	var b strings.Builder
	for _, x := range []byte(s) {
		if x >= 0x80 && x < 0xa0 {
			b.WriteRune(high[x-0x80])
		} else {
			b.WriteRune(rune(x))
		}
	}
	return b.String()
}

// gather makes the groups: some with a name, one without members, one with a member twice, one with somebody who is gone.
func (c *company) gather() error {
	for i := range max(c.o.People/4, 3) {
		g := group{uuid: c.uuid()}
		size := min(3+c.rng.IntN(10), c.o.People-7)
		g.members = c.rng.Perm(c.o.People - 6)[:size]
		name := fmt.Sprintf("회의방 %d", i+1)
		if i%3 == 2 {
			name = ""
		}
		if err := c.exec("insert into chat_room (room_uuid, is_group, created_at, name) values (?, 1, ?, ?)", g.uuid, c.began.Format(wall), name); err != nil {
			return err
		}
		for _, m := range g.members {
			if err := c.seat(g.uuid, c.people[m].uuid); err != nil {
				return err
			}
		}
		c.rooms = append(c.rooms, g)
	}
	c.truth.Groups = len(c.rooms)
	first := c.rooms[0]
	for _, err := range []error{
		c.seat(first.uuid, c.people[first.members[0]].uuid), c.seat(first.uuid, c.uuid()), c.seat(c.uuid(), c.people[0].uuid),
		c.exec("insert into chat_room (room_uuid, is_group, created_at, name) values (?, 1, ?, '빈방')", emptyRoom, c.began.Format(wall)),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// emptyRoom has no members.
const emptyRoom = "00000000-0000-4000-8000-000000000001"

func (c *company) seat(room, person string) error {
	return c.exec("insert into chat_room_member (room_uuid, user_uuid) values (?, ?)", room, person)
}

// mark says how far groups were read: most members up to some hours before the end, some never, one twice, one in no room.
func (c *company) mark() error {
	for i, g := range c.rooms {
		for k, m := range g.members {
			if k%3 == 2 {
				continue
			}
			at := c.o.Now.Add(-time.Duration(2+6*k) * time.Hour).UTC().Format(wall)
			if err := c.read(g.uuid, c.people[m].uuid, at); err != nil {
				return err
			}
			if i == 0 && k == 0 {
				if err := c.read(g.uuid, c.people[m].uuid, at); err != nil {
					return err
				}
			}
		}
	}
	return c.read(c.uuid(), c.people[0].uuid, c.began.Format(wall))
}

func (c *company) read(room, person, at string) error {
	return c.exec("insert into group_chat_read_status (user_uuid, room_uuid, last_read_at) values (?, ?, ?)", person, room, at)
}
