package ops

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Level says how bad a finding is.
type Level string

// The levels.
const (
	LevelOK    Level = "ok"
	LevelWarn  Level = "warn"
	LevelError Level = "error"
)

// Finding is what a check found, in one sentence.
type Finding struct {
	Level Level
	Text  string
}

// OK makes a finding that all is well.
func OK(format string, args ...any) Finding { return Finding{LevelOK, fmt.Sprintf(format, args...)} }

// Warn makes a finding that someone should look at.
func Warn(format string, args ...any) Finding {
	return Finding{LevelWarn, fmt.Sprintf(format, args...)}
}

// Bad makes a finding of something that keeps the server from working.
func Bad(format string, args ...any) Finding {
	return Finding{LevelError, fmt.Sprintf(format, args...)}
}

// Check looks at one thing. It may find several.
type Check struct {
	Name string
	Run  func(ctx context.Context) []Finding
}

// ErrUnwell says that a check found an error.
var ErrUnwell = errors.New("doctor found errors")

// checkTime bounds one check.
const checkTime = 45 * time.Second

// Examine runs the checks one after the other and writes a line for each finding: its level, the check's name, the
// text. It returns ErrUnwell when one was an error.
func Examine(ctx context.Context, w io.Writer, checks []Check) error {
	unwell := false
	for _, c := range checks {
		within, cancel := context.WithTimeout(ctx, checkTime)
		for _, f := range c.Run(within) {
			fmt.Fprintf(w, "%-5s  %-10s %s\n", f.Level, c.Name, f.Text)
			unwell = unwell || f.Level == LevelError
		}
		cancel()
	}
	if unwell {
		return ErrUnwell
	}
	return nil
}
