//go:build budget

package e2e

import (
	"slices"
	"testing"
	"time"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
)

const (
	settles      = 15 * time.Second // what an app gets before it is measured
	quiet        = 30 * time.Second // how long it is watched while nothing happens
	perSecond    = 5                // messages that people write
	signsInAgain = 8 * time.Minute  // an access token lives ten minutes
)

// memoryOfNothing measures an empty window, alone: what several programs share would count for less.
func (b *budget) memoryOfNothing(t *testing.T) {
	t.Helper()
	p := desk.Spawn(t, desk.Spec{Path: binary(t, "HIMSG_E2E_EMPTY"), Env: b.desk.Env()})
	defer p.Stop()
	time.Sleep(settles)
	b.empty.memory = mebibytes(p.Memory(t))
	b.empty.work = share(t, p, quiet)
}

// traffic measures the app that people have, without an inspector: signed in, a conversation open, while others write.
func (b *budget) traffic(t *testing.T) {
	t.Helper()
	profile := b.keptProfile(t, "anna", b.me)
	p := desk.Spawn(t, desk.Spec{Path: binary(t, "HIMSG_E2E_PLAIN"), Args: []string{"--profile", profile}, Env: b.desk.Env()})
	defer p.Stop()
	id := ""
	desk.Wait(t, time.Minute, "a window", func() bool {
		id, _ = b.desk.WindowOf(t, p.PID())
		return id != ""
	})
	b.desk.Focus(t, id)
	time.Sleep(settles)
	b.desk.Keys(t, "alt+Down") // the topmost conversation
	time.Sleep(settles)
	first := mebibytes(p.Memory(t))
	b.line("memory, a conversation open", "MiB", first, b.empty.memory, 1.4)
	b.line("processor, seen, nothing happens", "% of a core", share(t, p, quiet), b.empty.work, 0)

	before := p.Work(t)
	samples, written := b.write(t, p)
	b.line("processor, a message that arrives, seen", "ms", 1000*(p.Work(t)-before).Seconds()/float64(written), 0, 0)
	b.line("memory after the traffic", "MiB", mebibytes(p.Memory(t)), b.empty.memory, 1.4)
	t.Logf("memory of its own, MiB, each %v: %.1f", b.sampleEvery(), samples)
	b.line("growth in the second half of the traffic", "MiB an hour", perHour(samples[len(samples)/2:], b.sampleEvery()), 0, 0)

	b.desk.Close(t, id) // to the tray
	desk.Wait(t, time.Minute, "hidden", func() bool {
		id, _ = b.desk.WindowOf(t, p.PID())
		return id == ""
	})
	time.Sleep(settles)
	b.line("processor, hidden, nothing happens", "% of a core", share(t, p, quiet), b.empty.work, 0)
	b.line("memory, hidden", "MiB", mebibytes(p.Memory(t)), b.empty.memory, 1.4)
}

func (b *budget) sampleEvery() time.Duration {
	return time.Duration(b.minutes * float64(time.Minute) / 60)
}

// write lets people write in all groups and to me for the minutes of the run, and samples the app's own memory meanwhile.
func (b *budget) write(t *testing.T, p *desk.Process) (samples []float64, written int) {
	t.Helper()
	begin := time.Now()
	signed, sampled := begin, begin
	end := begin.Add(time.Duration(b.minutes * float64(time.Minute)))
	ticker := time.NewTicker(time.Second / perSecond)
	defer ticker.Stop()
	for ; time.Now().Before(end); written++ {
		<-ticker.C
		i := written
		if time.Since(signed) > signsInAgain {
			signed = time.Now()
			b.colleagues = again(t, b.server, b.colleagues)
		}
		from := b.colleagues[i%len(b.colleagues)]
		if i%perSecond == 0 {
			b.server.Post(t, from, b.me, sampleText(i))
		} else {
			b.server.PostTo(t, from, b.groups[i*7%len(b.groups)], sampleText(i))
		}
		if time.Since(sampled) > b.sampleEvery() {
			sampled = time.Now()
			samples = append(samples, mebibytes(p.Own(t)))
		}
	}
	return append(samples, mebibytes(p.Own(t))), written
}

func again(t *testing.T, s *backend.Server, people []backend.Person) []backend.Person {
	t.Helper()
	people = slices.Clone(people)
	for i := range people {
		people[i] = s.SignIn(t, people[i].Username)
	}
	return people
}

// perHour is the slope of the line that fits the samples best.
func perHour(samples []float64, every time.Duration) float64 {
	n := float64(len(samples))
	var sx, sy, sxx, sxy float64
	for i, y := range samples {
		x := float64(i) * every.Hours()
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	spread := n*sxx - sx*sx
	if spread == 0 {
		return 0
	}
	return (n*sxy - sx*sy) / spread
}
