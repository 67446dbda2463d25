package core

import (
	"context"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// Check is one look at this PC; the adapters bring those that core can't do itself.
type Check struct {
	Name string
	// Look returns when ctx ends.
	Look func(ctx context.Context) Finding
}

// Bounds of what a finding may hold: parts of it come from servers and proxies that are not known.
const (
	maxFieldRunes = 400
	maxFields     = 16
)

// diagnoses are the lines in their order. Those of the network come one after the other, each resting on the one before.
var diagnoses = []string{
	"policy", "proxy", "name", "route", "tls", "certificate", "clock", "server", "token", "socket", "store", "keyring",
}

// diagnosis is the last run.
type diagnosis struct {
	running sync.Mutex // held by the run

	mu   sync.Mutex
	last Diagnosis
}

// Diagnose looks at everything, side by side, and returns when the last look has ended; updates tell of each before. It
// works signed out and without a network.
func (c *Core) Diagnose() (Diagnosis, error) {
	if err := c.unlocked(); err != nil {
		return Diagnosis{}, err
	}
	if !c.examined.running.TryLock() {
		return c.lastDiagnosis(), nil // one goes on: updates tell of it
	}
	defer c.examined.running.Unlock()
	run := &examination{c: c}
	run.begin()
	ctx, cancel := context.WithTimeout(c.life, 4*c.o.Pace.Look)
	defer cancel()
	var looks sync.WaitGroup
	looks.Go(func() { run.network(ctx) })
	for _, check := range append(c.ownChecks(), c.o.Checks...) {
		looks.Go(func() { run.look(ctx, check) })
	}
	looks.Wait()
	run.end()
	return c.lastDiagnosis(), nil
}

func (c *Core) lastDiagnosis() Diagnosis {
	c.examined.mu.Lock()
	defer c.examined.mu.Unlock()
	out := c.examined.last
	out.Findings = slices.Clone(out.Findings)
	return out
}

// examination is a run.
type examination struct {
	c *Core
}

func (x *examination) begin() {
	findings := make([]Finding, 0, len(diagnoses)+len(x.c.o.Checks))
	for _, name := range diagnoses {
		findings = append(findings, Finding{Check: name, State: FindingWaiting, Fields: map[string]string{}})
	}
	for _, check := range x.c.o.Checks {
		findings = append(findings, Finding{Check: check.Name, State: FindingWaiting, Fields: map[string]string{}})
	}
	x.change(func(d *Diagnosis) {
		*d = Diagnosis{Running: true, At: x.c.o.Clock.Now().UnixMilli(), Findings: findings}
	})
}

func (x *examination) end() { x.change(func(d *Diagnosis) { d.Running = false }) }

func (x *examination) change(fn func(*Diagnosis)) {
	x.c.examined.mu.Lock()
	fn(&x.c.examined.last)
	x.c.examined.mu.Unlock()
	x.c.updates.note(func(p *changes) { p.diagnosis = true })
}

// look runs one check with its deadline. A check that does not keep it is left behind.
func (x *examination) look(ctx context.Context, check Check) {
	ctx, cancel := context.WithTimeout(ctx, x.c.o.Pace.Look)
	defer cancel()
	began := x.c.o.Clock.Now()
	found := make(chan Finding, 1)
	go func() { found <- check.Look(ctx) }()
	select {
	case f := <-found:
		x.tell(check.Name, f, began)
	case <-ctx.Done():
		x.tell(check.Name, bad("timeout"), began)
	}
}

func (x *examination) tell(name string, f Finding, began time.Time) {
	f.Check, f.Fields = name, tidy(f.Fields)
	f.MS = max(x.c.o.Clock.Now().Sub(began).Milliseconds(), 0)
	x.change(func(d *Diagnosis) {
		i := slices.IndexFunc(d.Findings, func(held Finding) bool { return held.Check == name })
		if i < 0 {
			d.Findings = append(d.Findings, f)
			return
		}
		d.Findings = slices.Clone(d.Findings) // the page's copy stays as it is
		d.Findings[i] = f
	})
}

// tidy bounds what goes to the page and to IT, and takes the user's name out of paths.
func tidy(fields map[string]string) map[string]string {
	out := map[string]string{}
	home, err := os.UserHomeDir()
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if len(out) == maxFields {
			break
		}
		value := strings.ToValidUTF8(fields[key], "?")
		if err == nil && len(home) > 1 {
			value = strings.ReplaceAll(value, home, "~")
		}
		value = strings.Map(func(r rune) rune {
			if r != ' ' && isUnprintable(r) {
				return ' '
			}
			return r
		}, value)
		if runes := []rune(value); len(runes) > maxFieldRunes {
			value = string(runes[:maxFieldRunes]) + "…"
		}
		out[key] = value
	}
	return out
}

// DiagnosisText is the last diagnosis for IT, as plain text: codes and particulars, in English, the same on every PC.
func (c *Core) DiagnosisText() (string, error) {
	if err := c.unlocked(); err != nil {
		return "", err
	}
	d := c.lastDiagnosis()
	var b strings.Builder
	fmt.Fprintf(&b, "Hi_Msg %s on %s/%s, %s\n", c.o.Version, runtime.GOOS, runtime.GOARCH,
		time.UnixMilli(d.At).UTC().Format(time.RFC3339))
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "%-13s %-8s %s", f.Check, f.State, f.Code)
		for _, key := range slices.Sorted(maps.Keys(f.Fields)) {
			if f.Fields[key] != "" {
				fmt.Fprintf(&b, " %s=%q", key, f.Fields[key])
			}
		}
		fmt.Fprintf(&b, " (%d ms)\n", f.MS)
	}
	return b.String(), nil
}

// finding makes a Finding; pairs are names and values of its fields.
func finding(state FindingState, code string, pairs ...string) Finding {
	fields := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
	return Finding{State: state, Code: code, Fields: fields}
}

func good(code string, pairs ...string) Finding    { return finding(FindingOK, code, pairs...) }
func noted(code string, pairs ...string) Finding   { return finding(FindingInfo, code, pairs...) }
func amiss(code string, pairs ...string) Finding   { return finding(FindingWarn, code, pairs...) }
func bad(code string, pairs ...string) Finding     { return finding(FindingBad, code, pairs...) }
func skipped(code string, pairs ...string) Finding { return finding(FindingSkipped, code, pairs...) }
