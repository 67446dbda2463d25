package speed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// goalRatio is how much longer the slowest acks may take while retention runs.
const goalRatio = 2

const (
	oldBy     = 100 * 24 * time.Hour
	indexTime = 10 * time.Minute // for the search index of what is there, which would disturb the measurement
	lookAgain = 200 * time.Millisecond
)

// RetentionOptions are the flags of "himsg-bench retention".
type RetentionOptions struct {
	ServerBin string        `required:"" placeholder:"PATH" help:"himsg-server to measure."`
	Database  string        `enum:"sqlite,mariadb,both" default:"both" help:"sqlite, mariadb or both; MariaDB is a private one."`
	People    int           `default:"300" help:"People of the company. Nobody has read what is deleted."`
	Messages  int           `default:"200000" help:"Messages that are to be deleted: more than go in all the rounds."`
	Pairs     int           `default:"20" help:"Pairs of people who write to each other meanwhile."`
	Rate      int           `default:"100" help:"Messages a second of all the pairs."`
	Rounds    int           `default:"3" help:"Measurements without and with retention, by turns."`
	Duration  time.Duration `default:"6s" help:"Length of each measurement, after a warm-up of a quarter of it."`
	Dir       string        `placeholder:"DIR" help:"Where the databases lie. Empty: the system's place for temporary files."`
	Out       string        `default:"bench/retention.json" placeholder:"FILE" help:"Where the figures go as JSON."`
}

// Validate implements kong's check after parsing.
func (o RetentionOptions) Validate() error {
	if o.Pairs < 1 || 2*o.Pairs > o.People || min(o.Messages, o.Rate, o.Rounds) < 1 || o.Duration < 500*time.Millisecond {
		return errors.New("--people holds two of each pair, --messages, --rate and --rounds are at least 1, --duration at least 500ms")
	}
	return nil
}

// RetentionResult is one line of the table. Times are milliseconds. Deleted is messages a second; Reads are read events a second
// that reached the people online of other rooms than their pair's. Ratio is of ack_p99_ms with retention to the one without.
type RetentionResult struct {
	Database    string  `json:"database"`
	Work        string  `json:"work"`
	PerSecond   float64 `json:"msg_per_s"`
	AckP50      float64 `json:"ack_p50_ms"`
	AckP99      float64 `json:"ack_p99_ms"`
	ReceivedP99 float64 `json:"received_p99_ms"`
	Deleted     float64 `json:"deleted_per_s"`
	Reads       float64 `json:"read_events_per_s"`
	Ratio       float64 `json:"ratio,omitempty"`
}

// RunRetention measures acks without and with retention at work, and writes the table to out and the figures to o.Out.
func RunRetention(ctx context.Context, o RetentionOptions, out io.Writer) error {
	const head = "%-8s %-18s %9s %9s %9s %9s %11s %12s %6s\n"
	_, err := fmt.Fprintf(out, head, "database", "work", "msg/s", "ack p50", "ack p99", "recv p99", "deleted/s", "read evts/s", "ratio")
	if err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	var results []RetentionResult
	for _, kind := range rig.Kinds(o.Database) {
		measured, err := retentionOn(ctx, o, kind)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		for _, r := range measured {
			ratio := "-"
			if r.Ratio > 0 {
				ratio = fmt.Sprintf("%.2f   (goal: ≤ %d)", r.Ratio, goalRatio)
			}
			_, err := fmt.Fprintf(out, "%-8s %-18s %9.0f %9.2f %9.2f %9.2f %11.0f %12.1f %6s\n",
				r.Database, r.Work, r.PerSecond, r.AckP50, r.AckP99, r.ReceivedP99, r.Deleted, r.Reads, ratio)
			if err != nil {
				return fmt.Errorf("print table: %w", err)
			}
		}
		results = append(results, measured...)
	}
	return rig.WriteReport(o.Out, rig.NewReport(results))
}

func retentionOn(ctx context.Context, o RetentionOptions, kind rig.Kind) (results []RetentionResult, err error) {
	data, err := rig.NewData(ctx, kind, o.Dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	server, err := rig.NewServer(o.ServerBin, data)
	if err != nil {
		return nil, err
	}
	server.Messages = o.Messages
	if err := server.Fill(ctx, o.People, rig.Password); err != nil {
		return nil, err
	}
	if err := age(ctx, data); err != nil {
		return nil, err
	}
	if err := server.Start(ctx); err != nil {
		return nil, err
	}
	results, err = besideRetention(ctx, o, server.URL())
	for i := range results {
		results[i].Database = string(kind)
	}
	return results, errors.Join(err, server.Stop())
}

// age makes everything old, and unread.
func age(ctx context.Context, data *rig.Data) (err error) {
	driver, dsn := data.Source()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, "update messages set created_at = created_at - ?", oldBy.Milliseconds()); err != nil {
		return fmt.Errorf("age messages: %w", err)
	}
	if _, err := db.ExecContext(ctx, "update room_members set last_read_seq = 0"); err != nil {
		return fmt.Errorf("unread messages: %w", err)
	}
	return nil
}

// besideRetention measures the same work without and with retention, by turns: what the machine does besides is the same for both.
func besideRetention(ctx context.Context, o RetentionOptions, url string) ([]RetentionResult, error) {
	all, err := gather(ctx, url, o.Pairs)
	if err != nil {
		return nil, err
	}
	defer all.close()
	owner := all.phones[0].person.Session // the first person of the demo company is its owner
	policy := wire.RetentionPolicy{}
	for _, class := range wire.RoomClasses {
		policy.Rules = append(policy.Rules, wire.RetentionRule{Class: class, MessageDays: int(oldBy.Hours()/24) - 1})
	}
	if policy, err = owner.SetRetention(ctx, policy); err != nil {
		return nil, fmt.Errorf("set retention: %w", err)
	}
	without, with := share{cohort: all}, share{cohort: all}
	for range o.Rounds {
		if err := awaitIndex(ctx, url); err != nil { // of what retention deleted, too
			return nil, err
		}
		if err := without.measure(ctx, o); err != nil {
			return nil, err
		}
		if err := owner.StartRetention(ctx, wire.StartRetention{Rev: policy.Rev}); err != nil {
			return nil, fmt.Errorf("start retention: %w", err)
		}
		if err := with.measure(ctx, o); err != nil {
			return nil, err
		}
		deleted, err := endRun(ctx, owner)
		if err != nil {
			return nil, err
		}
		with.deleted += deleted
	}
	results := []RetentionResult{without.result("without retention"), with.result("with retention")}
	results[1].Ratio = results[1].AckP99 / results[0].AckP99
	return results, nil
}

// endRun cancels the run that must be under way, and returns how many messages it has deleted.
func endRun(ctx context.Context, owner *client.Session) (deleted int64, err error) {
	now, err := owner.Retention(ctx)
	if err != nil {
		return 0, fmt.Errorf("look at the run: %w", err)
	}
	r := now.Runs[0]
	if r.State != wire.RunRunning {
		return 0, fmt.Errorf("the run was %s before the measurement was: it needs more --messages", r.State)
	}
	if err := owner.CancelRetention(ctx, r.RunUUID); err != nil {
		return 0, fmt.Errorf("cancel the run: %w", err)
	}
	return r.Messages, nil
}

// share is what was measured in all the rounds of one kind.
type share struct {
	cohort         *cohort
	received       int
	acks, arrivals []time.Duration
	counted        time.Duration // in which messages were counted
	length         time.Duration // with warm-ups
	deleted, reads int64
}

func (s *share) measure(ctx context.Context, o RetentionOptions) error {
	reads, began := s.cohort.reads.Load(), rig.Now()
	m, from, to, err := s.cohort.atRate(ctx, o.Rate, o.Duration)
	if err != nil {
		return err
	}
	s.length += rig.Now().Sub(began)
	s.reads += s.cohort.reads.Load() - reads
	received, acks, arrivals := m.between(from, to)
	s.received, s.acks, s.arrivals = s.received+received, append(s.acks, acks...), append(s.arrivals, arrivals...)
	s.counted += to.Sub(from)
	return nil
}

func (s *share) result(work string) RetentionResult {
	return RetentionResult{
		Work: work, PerSecond: float64(s.received) / s.counted.Seconds(),
		AckP50: rig.Percentile(s.acks, 50), AckP99: rig.Percentile(s.acks, 99), ReceivedP99: rig.Percentile(s.arrivals, 99),
		Deleted: float64(s.deleted) / s.length.Seconds(), Reads: float64(s.reads) / s.length.Seconds(),
	}
}

// awaitIndex waits until the search index has what is there.
func awaitIndex(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, indexTime)
	defer cancel()
	for done := 0; done < 20; done++ { // it looks at the rooms page by page
		behind, err := rig.Metric(ctx, url, "himsg_search_rooms_behind")
		if err != nil {
			return err
		}
		if behind > 0 {
			done = 0
		}
		if !rig.Sleep(ctx, lookAgain) {
			return errors.New("the search index does not get ready")
		}
	}
	return nil
}
