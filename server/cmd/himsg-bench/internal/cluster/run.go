package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// Options are the flags of "himsg-bench cluster".
type Options struct {
	ServerBin string `required:"" placeholder:"PATH" help:"himsg-server to run."`
	NATSBin   string `required:"" name:"nats-bin" placeholder:"PATH" help:"nats-server to run."`
	Once      bool   `help:"Hold a conversation, kill a server and a database in the middle of it, judge, and stop."`
	Short     bool   `help:"With --once: less of it."`
	Hold      string `placeholder:"FILE" help:"With --once: write the address into this file once all runs, and begin when the file is gone."`
	Dir       string `placeholder:"DIR" help:"Where the data of the run lies; it is removed in the end. Empty: the system's place for temporary files."`
	Out       string `placeholder:"FILE" help:"With --once: where the verdict goes as JSON. Empty: nowhere."`
	People    int    `default:"60" help:"People of the demo company."`
	Messages  int    `default:"2000" help:"Messages of the demo company."`
}

const (
	nodes   = 3
	balance = "127.0.0.10" // the load balancer; servers and databases are 127.0.0.11 and so on, NATS 127.0.0.21 and so on
	s3      = "127.0.0.30"
	port    = 5050
)

// company is all that runs.
type company struct {
	o      Options
	out    io.Writer
	data   *rig.Data
	bucket *rig.Bucket
	nats   []*rig.Program
	nodes  []*rig.Server
	front  *rig.Program
	figure string // the load balancer's own page
}

// Run starts everything, and returns when ctx ends or, with Once, with the verdict. It ends what it has started, and nothing else.
func Run(ctx context.Context, o Options, out io.Writer) (ok bool, err error) {
	began := rig.Now()
	say := func(format string, args ...any) {
		_, _ = fmt.Fprintf(out, "cluster: "+format+"\n", args...) // to a person, who may have gone
	}
	if o.Dir != "" {
		if err := os.MkdirAll(o.Dir, 0o750); err != nil {
			return false, fmt.Errorf("make directory: %w", err)
		}
	}
	say("starting three MariaDB as a Galera cluster, three nats-server, S3, three himsg-server and HAProxy")
	c := &company{o: o, out: out}
	defer func() {
		say("stopping")
		err = errors.Join(err, c.stop())
	}()
	if err := c.start(ctx); err != nil {
		return false, c.explain(ctx, err)
	}
	say("all runs after %.0f s", rig.Now().Sub(began).Seconds())
	if err := c.tell(); err != nil {
		return false, err
	}
	if o.Once {
		return c.converse(ctx)
	}
	say("Ctrl-C stops all of it; what you kill comes back after %d s, as a service manager would start it again", int(comeBack.Seconds()))
	c.watch(ctx, say)
	return true, nil
}

// explain keeps quiet about what a Ctrl-C cuts short.
func (c *company) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("%w (logs were in %s)", err, c.dir())
}

func (c *company) dir() string {
	if c.data == nil {
		return c.o.Dir
	}
	return c.data.Dir
}

// tell prints what there is and what can be done with it.
func (c *company) tell() error {
	w := tabwriter.NewWriter(c.out, 0, 0, 3, ' ', 0)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) } // Flush tells
	line("")
	line("  Hi_Msg\t%s\tbin/himsg --profile /tmp/himsg-cluster-1 --server %s", c.url(), c.url())
	line("  user names\tdemo00001 (owner) … demo%05d\tpassword of all: %s", c.o.People, rig.Password)
	line("  balancer\t%s\twhich servers are up, and who is on them", c.figure)
	line("  data, logs\t%s\tremoved in the end", c.data.Dir)
	line("")
	line("  what\taddress\tfigures (docs/it/monitoring has a board for Grafana)\tkill it")
	for i, n := range c.nodes {
		line("  himsg-server %d\t%s\t%s/metrics\tkill -9 %d", i+1, n.URL(), n.URL(), n.Process().Pid)
	}
	for i, m := range c.data.Members() {
		line("  MariaDB %d\t%s\tshow status like 'wsrep%%'\tkill -9 %d", i+1, m.Listening(), m.Process().Pid)
	}
	for i, n := range c.nats {
		line("  nats-server %d\ttls://%s\thttp://%s/routez\tkill -9 %d", i+1, n.Address, monitoring(i), n.Process().Pid)
	}
	line("  S3\thttp://%s\tin this process, in memory\t", c.bucket.Address())
	line("  HAProxy\t%s\t%s\tkill -9 %d", c.front.Address, c.figure, c.front.Process().Pid)
	line("")
	line("  a configuration for Prometheus: %s", filepath.Join(c.data.Dir, "prometheus.yml"))
	line("")
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print addresses: %w", err)
	}
	return nil
}

func (c *company) url() string { return "http://" + c.front.Address }

// stop ends all in order: who leans on others first.
func (c *company) stop() (err error) {
	if c.front != nil {
		err = stopped(err, c.front, c.front.Stop)
	}
	for _, n := range c.nodes {
		err = stopped(err, n, n.Stop)
	}
	for _, n := range c.nats {
		err = stopped(err, n, n.Stop)
	}
	if c.bucket != nil {
		err = errors.Join(err, c.bucket.Close())
	}
	if c.data != nil {
		err = errors.Join(err, c.data.Close())
	}
	return err
}

// stopped ends something unless it has ended already.
func stopped(err error, r rig.Running, stop func() error) error {
	if rig.Ended(r) {
		return err
	}
	return errors.Join(err, stop())
}

// comeBack is after how long what somebody killed is started again.
const comeBack = 15 * time.Second
