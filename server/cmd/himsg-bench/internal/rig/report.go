package rig

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// WriteReport writes what was measured as JSON, and makes the folder if it is missing.
func WriteReport(path string, report any) error {
	body, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("encode results: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make directory of results: %w", err)
	}
	if err := os.WriteFile(path, append(body, '\n'), 0o600); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}

// Report is what most benches write.
type Report[R any] struct {
	MeasuredAt string `json:"measured_at"`
	Load       string `json:"load_average"` // when it ended: figures of a busy machine are no one's fault
	Results    []R    `json:"results"`
}

// NewReport is a report of now.
func NewReport[R any](results []R) Report[R] {
	return Report[R]{MeasuredAt: Now().UTC().Format("2006-01-02T15:04:05Z"), Load: LoadAverage(), Results: results}
}

// LoadAverage is what the machine does, these commands included.
func LoadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}
