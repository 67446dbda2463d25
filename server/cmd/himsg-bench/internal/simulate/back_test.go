package simulate_test

import (
	"strings"
	"testing"
	"time"

	"himsg/server/cmd/himsg-bench/internal/simulate"
)

// What must hold whatever clients cost.
func TestEverybodyComesBack(t *testing.T) {
	small := simulate.Return{Clients: 100, Cores: 2, Connect: time.Millisecond, Resume: 2 * time.Millisecond, Down: time.Second, Seed: 1}
	got := small.Run()
	if got.Half > got.Most || got.Most > got.All || got.Tries < 100 || got.SentAway > 0 {
		t.Errorf("%+v", got)
	}
	if again := small.Run(); again != got {
		t.Errorf("%+v, and again %+v", got, again)
	}
	// The servers can't be quicker than their cores.
	large := simulate.Return{Clients: 10_000, Cores: 2, Connect: time.Millisecond, Resume: 2 * time.Millisecond, Seed: 1}
	least := time.Duration(large.Clients) * (large.Connect + large.Resume) / 2
	if got := large.Run(); got.All < least || got.All > 4*least {
		t.Errorf("%+v, the computing alone takes %v", got, least)
	}
	large.Cores = 200
	if got := large.Run(); got.All > backInTime {
		t.Errorf("with cores in plenty: %+v", got)
	}
}

// The fault everyone-back on 2 cores of a shared machine: what the server took of a core in all, and what the machine left it, were measured
// with the time that it took.
func TestMeasuredPoints(t *testing.T) {
	for _, m := range []struct {
		clients       int
		took, compute float64 // seconds
	}{{1000, 16.2, 12.2}, {3000, 110, 51.2}} {
		each := time.Duration(m.compute / float64(m.clients) * float64(time.Second))
		got := simulate.Return{Clients: m.clients, Cores: m.compute / m.took, Resume: each, Down: time.Second, Seed: 1}.Run()
		if r := got.All.Seconds() / m.took; r < 0.8 || r > 1.6 { // it is on the careful side: clients that share a machine with the server come later than it thinks
			t.Errorf("%d clients: %.1f s reckoned, %.1f s measured", m.clients, got.All.Seconds(), m.took)
		}
	}
}

// backInTime is the longest that a pause may last after a server was down for a moment only.
const backInTime = time.Second

func TestTable(t *testing.T) {
	var out strings.Builder
	o := simulate.Options{Clients: []int{100, 1000}, Cores: []float64{1, 2}, Connect: time.Millisecond}
	if err := o.Validate(); err != nil {
		t.Fatal(err)
	}
	if err := simulate.Run(o, &out); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 4 {
		t.Errorf("%d lines:\n%s", lines, out.String())
	}
	o.Cores = []float64{0}
	if o.Validate() == nil {
		t.Error("no cores are fine")
	}
}
