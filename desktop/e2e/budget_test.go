//go:build budget

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// What the app costs on a PC that has other work to do, each figure beside that of an empty window of Wails in the same
// run. `make bench-app` runs it; MINUTES says how long people write.
func TestBudget(t *testing.T) {
	b := &budget{company: newCompany(t), minutes: minutesOfTraffic(t), Load: loadAverage(t)}
	b.people(t)
	b.memoryOfNothing(t)
	b.traffic(t)
	b.startBeside(t)
	b.report(t)
}

// budget is one run. Its exported fields are bench/app.json.
type budget struct {
	company
	minutes    float64
	me, other  backend.Person // me: whose app is measured
	colleagues []backend.Person
	groups     []string

	MeasuredAt string       `json:"measured_at"`
	Load       string       `json:"load_average_before"`
	Results    []budgetLine `json:"results"`

	empty struct{ memory, work float64 } // MiB, and percent of a core
}

// budgetLine is a figure, what it is measured beside, and what their ratio may be at most; a Goal of 0: none was set.
type budgetLine struct {
	Work  string  `json:"work"`
	Unit  string  `json:"unit"`
	Ours  float64 `json:"ours"`
	Limit float64 `json:"limit,omitempty"`
	Ratio float64 `json:"ratio,omitempty"`
	Goal  float64 `json:"goal,omitempty"`
}

func (b *budget) line(work, unit string, ours, limit, goal float64) {
	l := budgetLine{Work: work, Unit: unit, Ours: ours, Limit: limit, Goal: goal}
	if limit > 0 {
		l.Ratio = ours / limit
	}
	b.Results = append(b.Results, l)
}

func (b *budget) people(t *testing.T) {
	t.Helper()
	b.me, b.other = b.server.AddPerson(t, "anna", "Anna Kim"), b.server.AddPerson(t, "duri", "박두리")
	for i := range 10 {
		b.colleagues = append(b.colleagues, b.server.AddPerson(t, fmt.Sprintf("person%d", i), fmt.Sprintf("김동료%d", i)))
	}
	for i := range 20 {
		name := fmt.Sprintf("프로젝트 %d", i)
		group := b.server.CreateGroup(t, b.me, name, append(slices.Clone(b.colleagues), b.other)...)
		b.groups = append(b.groups, group)
		b.server.PostTo(t, b.colleagues[i%len(b.colleagues)], group, sampleText(i))
	}
	for i := range 100 {
		b.server.Post(t, b.colleagues[0], b.me, sampleText(i))
	}
}

func sampleText(i int) string {
	return fmt.Sprintf("회의는 %d시에 합니다, please bring the numbers of last week and the plan for the next one. 감사합니다.", i)
}

// keptProfile signs a person in to stay and ends the app: the next start finds him signed in. It is a window with the
// inspector, and what is measured afterwards has none.
func (b *budget) keptProfile(t *testing.T, name string, person backend.Person) string {
	t.Helper()
	profile := filepath.Join(t.TempDir(), name)
	w := b.open(t, window.Options{Profile: profile, Server: b.server.URL()})
	signIn(t, w, person.Username)
	w.See(t, window.Select("room-row"))
	w.Process.Stop()
	var kept struct {
		Account *struct {
			Keep bool `json:"keep"`
		} `json:"account"`
	}
	text, err := os.ReadFile(filepath.Join(profile, "profile.json"))
	if err != nil || json.Unmarshal(text, &kept) != nil || kept.Account == nil || !kept.Account.Keep {
		t.Fatalf("nobody stays signed in: %v\n%s", err, text)
	}
	return profile
}

func (b *budget) report(t *testing.T) {
	t.Helper()
	b.MeasuredAt = time.Now().UTC().Format(time.RFC3339)
	fmt.Printf("%-46s %10s %10s %7s %7s\n", "work", "ours", "limit", "ratio", "goal")
	for _, l := range b.Results {
		fmt.Printf("%-46s %10.4g %10.4g %7.2f %7.4g %s\n", l.Work, l.Ours, l.Limit, l.Ratio, l.Goal, l.Unit)
	}
	text, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if path := os.Getenv("HIMSG_BENCH_OUT"); path != "" {
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func minutesOfTraffic(t *testing.T) float64 {
	t.Helper()
	minutes := 3.0
	if text := os.Getenv("HIMSG_BUDGET_MINUTES"); text != "" {
		if _, err := fmt.Sscan(text, &minutes); err != nil || minutes < 1 {
			t.Fatalf("HIMSG_BUDGET_MINUTES is %q", text)
		}
	}
	return minutes
}

func loadAverage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

// share is the part of one core that a program takes within a while, in percent.
func share(t *testing.T, p *desk.Process, while time.Duration) float64 {
	t.Helper()
	before := p.Work(t)
	time.Sleep(while)
	return 100 * (p.Work(t) - before).Seconds() / while.Seconds()
}
