package cargo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// warehouse is where one line's files come from and go to. Each person has one.
type warehouse struct {
	dir    string // for the bench's own files
	store  string // where the server keeps those that it was sent
	people []rig.Person
	server *rig.Server

	bulk rig.Bulk
	sent []wire.File // by person; those that are on the server now
}

// measure sends and fetches, round after round, each time beside its limit and in turns, so that a busy machine weighs on both.
func (w *warehouse) measure(ctx context.Context, of work, seed uint64) (pair []Result, err error) {
	if w.bulk, err = rig.NewBulk(w.dir, int64(of.mib)<<20, seed); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.clear(ctx), os.Remove(w.bulk.Path)) }()
	up, err := w.compare(ctx, of, w.send, w.copy)
	if err != nil {
		return nil, fmt.Errorf("up: %w", err)
	}
	up.Work, up.Beside = "up", "cp+fsync"
	bare, err := w.openBare(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bare.close()) }()
	down, err := w.compare(ctx, of, w.fetch, bare.fetch)
	if err != nil {
		return nil, fmt.Errorf("down: %w", err)
	}
	down.Work, down.Beside = "down", "ServeContent"
	return []Result{up, down}, nil
}

// compare measures ours and its limit in turns, and the server's memory while it works.
func (w *warehouse) compare(
	ctx context.Context, of work, ours, limit func(context.Context) (time.Duration, error),
) (r Result, err error) {
	r = Result{AtOnce: of.atOnce, MiB: of.mib, Rounds: of.rounds, Goal: goalRatio, Growth: goalGrowth}
	if of.atOnce > 1 {
		r.Growth = goalGrowthAll
	}
	pid := w.server.Process().Pid
	before, err := rig.UsageOf(pid)
	if err == nil {
		err = rig.ForgetPeak(pid)
	}
	if err != nil {
		return r, err
	}
	var speeds, limits, ratios []float64
	for round := range of.rounds {
		first, second := ours, limit
		if round%2 == 1 {
			first, second = limit, ours
		}
		a, err := first(ctx)
		if err != nil {
			return r, err
		}
		b, err := second(ctx)
		if err != nil {
			return r, err
		}
		if round%2 == 1 {
			a, b = b, a
		}
		speeds, limits = append(speeds, w.speed(a)), append(limits, w.speed(b))
		ratios = append(ratios, b.Seconds()/a.Seconds())
	}
	after, err := rig.UsageOf(pid)
	r.Ours, r.Limit, r.Ratio = middle(speeds), middle(limits), middle(ratios)
	r.Before, r.Peak = float64(before.Resident)/(1<<20), float64(after.Peak)/(1<<20)
	return r, err
}

// speed is in MB (10⁶ bytes) a second, of all files together.
func (w *warehouse) speed(took time.Duration) float64 {
	return float64(w.bulk.Size) * float64(len(w.people)) / 1e6 / took.Seconds()
}

func middle(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// together lets everybody do something at the same time, and says how long it took until the last one was done.
func (w *warehouse) together(do func(i int) error) (time.Duration, error) {
	failed := make(chan error, len(w.people))
	started := rig.Now()
	for i := range w.people {
		go func() { failed <- do(i) }()
	}
	var err error
	for range w.people {
		err = errors.Join(err, <-failed)
	}
	return rig.Now().Sub(started), err
}

// send sends the file until the server has checked it, each person his own. What the round before has left is removed first.
func (w *warehouse) send(ctx context.Context) (time.Duration, error) {
	if err := w.clear(ctx); err != nil {
		return 0, err
	}
	w.sent = make([]wire.File, len(w.people))
	return w.together(func(i int) (err error) {
		w.sent[i], err = w.people[i].SendBulk(ctx, w.bulk, "")
		return err
	})
}

// clear removes what is on the server.
func (w *warehouse) clear(ctx context.Context) (err error) {
	ctx = context.WithoutCancel(ctx)
	for i, file := range w.sent {
		if file.FileID != "" {
			err = errors.Join(err, w.people[i].Session.CancelUpload(ctx, file.FileID))
		}
	}
	w.sent = nil
	return err
}

// copy is the limit of send: the same bytes, as many times, on the same disk, synced.
func (w *warehouse) copy(context.Context) (took time.Duration, err error) {
	var names []string
	for i := range w.people {
		names = append(names, filepath.Join(w.store, fmt.Sprintf("copy-%d", i)))
	}
	took, err = w.together(func(i int) error { return copyFile(names[i], w.bulk.Path) })
	for _, name := range names {
		err = errors.Join(err, os.Remove(name))
	}
	return took, err
}

// copyFile is cp and fsync; the kernel copies.
func copyFile(to, from string) (err error) {
	source, err := os.Open(from) //nolint:gosec // G304: our own file
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	defer func() { _ = source.Close() }()                                    // only read
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // G304: our own file
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	_, err = io.Copy(target, source)
	if err = errors.Join(err, target.Sync(), target.Close()); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	return nil
}

// fetch gets everybody his file.
func (w *warehouse) fetch(ctx context.Context) (time.Duration, error) {
	return w.together(func(i int) error {
		return w.people[i].Session.Download(ctx, w.sent[i], rig.NewArrival(), nil) // it compares the checksum
	})
}

// blobs are the server's files on the disk that hold what was sent, one for each person.
func (w *warehouse) blobs() (paths []string, err error) {
	err = filepath.WalkDir(w.store, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err == nil && info.Size() == w.bulk.Size {
			paths = append(paths, path)
		}
		return nil
	})
	if err == nil && len(paths) != len(w.people) {
		err = fmt.Errorf("the server keeps %d files of %d that were sent", len(paths), len(w.people))
	}
	return paths, err
}

// bareSession is a session of the app's client with a server that asks nobody who he is.
func bareSession(url string) (*client.Session, error) {
	h, err := client.NewHTTP(client.Options{Address: url, UserAgent: "himsg-bench", Now: rig.Now})
	if err != nil {
		return nil, err
	}
	return client.NewSession(h, client.Tokens{Access: "none", AccessExpires: rig.Now().Add(24 * time.Hour)}, nil), nil
}
