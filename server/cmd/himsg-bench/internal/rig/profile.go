package rig

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"time"
)

const (
	// profilesIn is the environment variable that says where profiles go. Without it there are none, and nothing below costs anything.
	profilesIn   = "HIMSG_PROFILES"
	profiledName = "himsg-profiled" // beside himsg-server
	profileWait  = 10 * time.Second
)

// program is what Start starts: himsg-profiled, which lies beside the server's own program, when profiles are wanted.
func (s *Server) program() string {
	if os.Getenv(profilesIn) == "" {
		return s.binary
	}
	return filepath.Join(filepath.Dir(s.binary), profiledName)
}

// Measured begins something that is measured, and returns what ends it. When profiles are wanted those of the server and of this
// program, whose clients work on the same machine, are then in files of that name.
func (s *Server) Measured(name string) (end func() error, err error) {
	dir := os.Getenv(profilesIn)
	if dir == "" {
		return func() error { return nil }, nil
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ,:/", r) {
			return '-'
		}
		return r
	}, name+" "+string(s.data.Kind))
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("keep profiles: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil { //nolint:gosec // G703: where the caller wants it
		return nil, fmt.Errorf("keep profiles: %w", err)
	}
	own, err := os.Create(filepath.Join(dir, name+".clients.cpu.pprof")) //nolint:gosec // G304: where the caller wants it
	if err != nil {
		return nil, fmt.Errorf("keep profiles: %w", err)
	}
	path := filepath.Join(dir, name+".server")
	if err := os.Remove(path + ".cpu.pprof"); err != nil && !errors.Is(err, os.ErrNotExist) { //nolint:gosec // G703: of an earlier run, where the caller wants it
		return nil, errors.Join(fmt.Errorf("keep profiles: %w", err), own.Close())
	}
	if err := s.Tell("begin"); err != nil {
		return nil, errors.Join(err, own.Close())
	}
	if err := pprof.StartCPUProfile(own); err != nil {
		return nil, errors.Join(fmt.Errorf("profile the clients: %w", err), own.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return errors.Join(own.Close(), s.Tell("end "+path), awaitFile(path+".cpu.pprof"))
	}, nil
}

func awaitFile(path string) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for until := Now().Add(profileWait); ; {
		if _, err := os.Stat(path); err == nil { //nolint:gosec // G703: where the caller wants it
			return nil
		}
		if Now().After(until) {
			return fmt.Errorf("no profile %s: does himsg-profiled run?", path)
		}
		<-tick.C
	}
}
