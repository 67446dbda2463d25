package shell

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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

func loadMemory(profileDir string) memory {
	m := memory{Width: firstWidth, Height: firstHeight, Theme: "system"}
	raw, err := os.ReadFile(memoryFile(profileDir))
	if err != nil {
		return m // first start
	}
	kept := m
	if json.Unmarshal(raw, &kept) != nil {
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
	path := memoryFile(profileDir)
	fresh := path + ".new"
	if err := os.WriteFile(fresh, raw, 0o600); err != nil {
		return fmt.Errorf("write window.json: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("replace window.json: %w", err)
	}
	return nil
}

func memoryFile(profileDir string) string { return filepath.Join(profileDir, "window.json") }
