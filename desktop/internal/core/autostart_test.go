package core_test

import (
	"errors"
	"sync"
	"testing"

	"himsg/desktop/internal/core"
)

// starter is a fake of the system's autostart.
type starter struct {
	mu     sync.Mutex
	state  core.AutostartState
	broken error
	sets   int
}

func (s *starter) State() (core.AutostartState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, nil
}

func (s *starter) Set(on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return s.broken
	}
	s.sets++
	s.state = core.AutostartOff
	if on {
		s.state = core.AutostartOn
	}
	return nil
}

func (s *starter) now() (core.AutostartState, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, s.sets
}

func TestAutostartAtTheStart(t *testing.T) {
	yes, no := true, false
	for name, c := range map[string]struct {
		before  core.AutostartState
		policy  *bool
		want    core.AutostartState
		sets    int
		setting bool
	}{
		"off stays off":                 {core.AutostartOff, nil, core.AutostartOff, 0, false},
		"on stays on":                   {core.AutostartOn, nil, core.AutostartOn, 0, true},
		"a moved app is found again":    {core.AutostartMoved, nil, core.AutostartOn, 1, true},
		"the policy wants it":           {core.AutostartOff, &yes, core.AutostartOn, 1, true},
		"the policy has it":             {core.AutostartOn, &yes, core.AutostartOn, 0, true},
		"the policy forbids it":         {core.AutostartOn, &no, core.AutostartOff, 1, false},
		"the policy and a moved app":    {core.AutostartMoved, &yes, core.AutostartOn, 1, true},
		"forbidden, and a moved app":    {core.AutostartMoved, &no, core.AutostartOff, 1, false},
		"the policy forbids what isn't": {core.AutostartOff, &no, core.AutostartOff, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := &starter{state: c.before}
			a := startAs(t, nil, t.TempDir(), newKeyring(), func(o *core.Options) {
				o.Autostart, o.Policy.Autostart = s, c.policy
			})
			a.until(t, "as wanted", func() bool {
				state, sets := s.now()
				return state == c.want && sets == c.sets && a.Settings().Autostart == c.setting
			})
		})
	}
}

func TestAutostartAsTheUserWants(t *testing.T) {
	s := &starter{state: core.AutostartOff}
	a := startAs(t, nil, t.TempDir(), newKeyring(), func(o *core.Options) { o.Autostart = s })
	want := a.Settings()
	want.Autostart = true
	a.ok(a.SaveSettings(want))
	if state, _ := s.now(); state != core.AutostartOn || !a.Settings().Autostart {
		t.Errorf("after switching it on: %v, %+v", state, a.Settings())
	}
	s.mu.Lock()
	s.broken = errors.New("read-only file system")
	s.mu.Unlock()
	want.Autostart = false
	if f := failure(t, a.SaveSettings(want)); f.Code != "autostart" {
		t.Errorf("failure %+v", f)
	}
	if !a.Settings().Autostart {
		t.Error("the setting says what is not so")
	}
}
