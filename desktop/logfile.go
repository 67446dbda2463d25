//go:build !bindings

package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
)

// maxLogBytes is when a start puts the log aside as himsg.log.1: the two together stay small enough to be mailed.
const maxLogBytes = 4 << 20

// openLog logs to himsg.log in the profile and to the terminal, if there is one. What libraries log goes there too.
func openLog(profileDir string) (*slog.Logger, func(), error) {
	path := filepath.Join(profileDir, "himsg.log")
	if info, err := os.Stat(path); err == nil && info.Size() > maxLogBytes {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, nil, fmt.Errorf("put log aside: %w", err)
		}
	}
	//nolint:gosec // G304: a fixed name in the user's own profile
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("open log: %w", err)
	}
	// The file comes first: a Windows program without a terminal can't write to the other.
	logger := slog.New(slog.NewTextHandler(io.MultiWriter(f, os.Stderr), nil))
	slog.SetDefault(logger)
	return logger, func() { f.Close() }, nil
}
