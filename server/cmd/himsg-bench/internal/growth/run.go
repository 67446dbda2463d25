package growth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"himsg/server/cmd/himsg-bench/internal/finding"
	"himsg/server/cmd/himsg-bench/internal/founding"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

// Options are the flags of "himsg-bench growth".
type Options struct {
	ServerBin string        `required:"" placeholder:"PATH" help:"himsg-server to measure."`
	Database  string        `enum:"sqlite,mariadb,both" default:"sqlite" help:"sqlite, mariadb or both; MariaDB is a private one."`
	People    []int         `default:"1000,10000,100000" help:"Sizes of the company; the first number of messages is said in each."`
	Messages  []int         `default:"100000,1000000,3000000" help:"Numbers of messages, in a company of the second size. 10000000 take 7 GB and half an hour."`
	Members   []int         `default:"10,100,1000,5000" help:"People in a room, all online, in the company of the second size."`
	Duration  time.Duration `default:"4s" help:"Length of each measurement, after a warm-up of a quarter of it."`
	Short     bool          `help:"A smoke of less than a minute, with small companies: its figures are for nobody."`
	Dir       string        `placeholder:"DIR" help:"Where the databases lie. Empty: the system's place for temporary files."`
	Out       string        `default:"bench/growth.json" placeholder:"FILE" help:"Where the figures go as JSON."`
}

// Bounds of Options.
const (
	mostPeople   = 1_000_000
	mostMessages = 20_000_000
	mostMembers  = 5000
)

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	if len(o.People) < 2 || len(o.Messages) < 1 || o.Duration < 200*time.Millisecond {
		return errors.New("--people takes at least two sizes, --messages one; --duration is at least 200ms")
	}
	for _, n := range o.People {
		if n < 200 || n > mostPeople || n%block > 0 {
			return fmt.Errorf("--people is 200 to %d, in steps of %d", mostPeople, block)
		}
	}
	for _, n := range o.Messages {
		if n < 1 || n > mostMessages {
			return fmt.Errorf("--messages is 1 to %d", mostMessages)
		}
	}
	for _, n := range o.Members {
		if n < 2 || n > min(mostMembers, o.People[1]) {
			return fmt.Errorf("--members is 2 to %d, and no more than the company of the second size has", mostMembers)
		}
	}
	return nil
}

// short makes everything small.
func (o Options) short() Options {
	o.People, o.Messages, o.Members = []int{200, 400}, []int{500}, []int{5, 110}
	o.Duration = 200 * time.Millisecond
	return o
}

// starts is how often the server is started; the median counts.
func (o Options) starts() int {
	if o.Short {
		return 1
	}
	return 5
}

// What a company is like: blocks of people who sit in the same rooms.
const (
	block = 50
	rooms = 20
	texts = 4096
)

// Axis is what grows.
type Axis string

// The axes.
const (
	People   Axis = "people"
	Messages Axis = "messages"
	Members  Axis = "members of the room"
)

// Row is one figure.
type Row struct {
	Database string  `json:"database"`
	Axis     Axis    `json:"axis"`
	At       int     `json:"at"` // of what grows
	Work     string  `json:"work"`
	Unit     string  `json:"unit"`
	Ours     float64 `json:"ours"`
	More     bool    `json:"more_is_better,omitempty"`
	Limit    float64 `json:"limit,omitempty"` // what a program does that does nothing else; 0: there is none
	LimitIs  string  `json:"limit_is,omitempty"`
	Machine  float64 `json:"machine_mb_per_s"` // how fast the machine was, rig.Yardstick
	Grows    bool    `json:"grows,omitempty"`  // by its nature, in proportion: a larger index is larger
}

// Run measures, and writes the table to out and the figures to o.Out, after each company what there is so far: all of them take long.
func Run(ctx context.Context, o Options, out io.Writer) error {
	rows, err := Measure(ctx, o, out)
	if err != nil {
		return err
	}
	return printTable(out, rows)
}

// point is a company.
type point struct {
	kind             rig.Kind
	people, messages int
	axes             []Axis // that it is a point of
	members          []int  // rooms to be measured in it
}

// at is where a point stands on an axis.
func (p point) at(axis Axis) int {
	if axis == Messages {
		return p.messages
	}
	return p.people
}

func (o Options) points(kind rig.Kind) (all []point) {
	for _, people := range o.People {
		all = append(all, point{kind: kind, people: people, messages: o.Messages[0], axes: []Axis{People}})
	}
	all[1].axes, all[1].members = []Axis{People, Messages}, o.Members
	for _, messages := range o.Messages[1:] {
		all = append(all, point{kind: kind, people: o.People[1], messages: messages, axes: []Axis{Messages}})
	}
	return all
}

// Measure returns the rows, tells out which company is being looked at, and writes the figures of those that were.
func Measure(ctx context.Context, o Options, out io.Writer) (rows []Row, err error) {
	if o.Short {
		o = o.short()
	}
	if err := rig.AllowOpenFiles(most(o.Members) + 2000); err != nil {
		return nil, err
	}
	said := finding.Texts(texts)
	for _, kind := range rig.Kinds(o.Database) {
		for _, p := range o.points(kind) {
			if _, err := fmt.Fprintf(out, "%s: %d people, %d messages\n", kind, p.people, p.messages); err != nil {
				return nil, fmt.Errorf("tell the company: %w", err)
			}
			some, err := o.look(ctx, p, said)
			if err != nil {
				return nil, fmt.Errorf("%s, %d people, %d messages: %w", kind, p.people, p.messages, err)
			}
			rows = append(rows, some...)
			if err := rig.WriteReport(o.Out, rig.NewReport(rows)); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

func most(numbers []int) (n int) {
	for _, m := range numbers {
		n = max(n, m)
	}
	return n
}

// look founds a company and does the work in it.
func (o Options) look(ctx context.Context, p point, said []string) ([]Row, error) {
	m := &measurement{o: o, point: p}
	found := func(data *rig.Data) (err error) {
		m.company, err = founding.Found(ctx, data, founding.Options{
			People: p.people, SignedIn: max(online, most(p.members)), Block: block, Rooms: rooms, Messages: p.messages, Texts: said,
		})
		if err != nil {
			return err
		}
		machine := rig.Yardstick()
		took, bytes, err := founding.Index(ctx, data)
		m.add(Row{Work: "building the search index", Unit: "s", Ours: took.Seconds(), Machine: machine, Grows: true})
		m.add(Row{Work: "the search index", Unit: "MB", Ours: float64(bytes) / 1e6, Machine: machine, Grows: true})
		return err
	}
	err := rig.WithCompany(ctx, o.ServerBin, o.Dir, p.kind, founders, found, func(server *rig.Server, data *rig.Data) error {
		return m.all(ctx, server, data)
	})
	return m.rows, err
}

// founders were there before the company; nobody asks them.
const founders = 2
