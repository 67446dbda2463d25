package ops

import (
	"io"
	"log/slog"
)

// Logger writes one line per entry to w, as "text" or "json". Both escape control characters, so that no value can
// forge a line. What is logged is ids and causes, never contents, tokens or passwords.
func Logger(w io.Writer, format string) *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
