package shell

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"himsg/desktop/internal/core"
)

// The window's first size, and its limits. Below 760 pixels list and conversation take turns, so 380 is usable.
const (
	firstWidth, firstHeight = 1200, 800
	minWidth, minHeight     = 380, 560
	maxSide                 = 16_384 // of a file that somebody edited
)

// memory is what the window remembers from one start to the next, in window.json of the profile. It can be lost.
type memory struct {
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	Maximised bool   `json:"maximised"`
	Theme     string `json:"theme"`     // of the settings: the window has its colour before the store is open
	ToldTray  bool   `json:"told_tray"` // the user knows that closing keeps the app in the tray
	Spots     []spot `json:"spots"`     // at most maxSpots, the latest last
}

// loadMemory reads window.json. One that can't be read is set aside as window.json.bad.
func loadMemory(profileDir string, logger *slog.Logger) memory {
	m := memory{Width: firstWidth, Height: firstHeight, Theme: "system"}
	path := memoryFile(profileDir)
	raw, err := os.ReadFile(path) //nolint:gosec // G304: a fixed name in the user's own profile
	if err != nil {
		return m // first start
	}
	kept := m
	if err := json.Unmarshal(raw, &kept); err != nil {
		logger.Warn("window.json can't be read; set aside as window.json.bad", slog.Any("error", errors.Join(err, os.Rename(path, path+".bad"))))
		return m
	}
	kept.Width = min(max(kept.Width, minWidth), maxSide)
	kept.Height = min(max(kept.Height, minHeight), maxSide)
	if len(kept.Spots) > maxSpots {
		kept.Spots = kept.Spots[:maxSpots]
	}
	return kept
}

func (m memory) save(profileDir string) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode window.json: %w", err)
	}
	return core.ReplaceFile(memoryFile(profileDir), raw)
}

func memoryFile(profileDir string) string { return filepath.Join(profileDir, "window.json") }
