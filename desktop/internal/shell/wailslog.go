package shell

import (
	"log/slog"
	"strings"
)

// wailsLog hands what Wails logs to our log. It cuts off what comes from the page: when a call fails, Wails logs the
// whole of it, and a call may hold a password or a message.
type wailsLog struct{ logger *slog.Logger }

// Print implements logger.Logger.
func (l wailsLog) Print(message string) { l.logger.Debug("wails", "text", redact(message)) }

// Trace implements logger.Logger.
func (l wailsLog) Trace(string) {}

// Debug implements logger.Logger.
func (l wailsLog) Debug(message string) { l.logger.Debug("wails", "text", redact(message)) }

// Info implements logger.Logger.
func (l wailsLog) Info(message string) { l.logger.Debug("wails", "text", redact(message)) }

// Warning implements logger.Logger.
func (l wailsLog) Warning(message string) { l.logger.Warn("wails", "text", redact(message)) }

// Error implements logger.Logger.
func (l wailsLog) Error(message string) { l.logger.Error("wails", "text", redact(message)) }

// Fatal implements logger.Logger. Wails ends the process itself.
func (l wailsLog) Fatal(message string) { l.logger.Error("wails ends", "text", redact(message)) }

// redact keeps the words of Wails and drops what follows them: `process message error: C{"name":…,"args":[…]} -> …`.
func redact(message string) string {
	if at := strings.IndexAny(message, "{["); at >= 0 {
		message = message[:at] + "…"
	}
	const most = 200
	if len(message) > most {
		message = strings.ToValidUTF8(message[:most], "") + "…"
	}
	return message
}
