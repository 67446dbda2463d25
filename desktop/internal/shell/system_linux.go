package shell

import (
	"context"
	"os"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// askPortal bounds a question that stands between the user and his window.
const askPortal = 150 * time.Millisecond

// systemIsDark follows WebKitGTK, by which the page's "system" goes: a GTK theme whose name ends in -dark. GTK_THEME
// wins, else the desktop's settings portal knows the name.
func systemIsDark() bool {
	if theme := os.Getenv("GTK_THEME"); theme != "" {
		return isDarkTheme(theme)
	}
	conn, err := dbus.SessionBus()
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), askPortal)
	defer cancel()
	var answer dbus.Variant
	portal := conn.Object("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop")
	call := portal.CallWithContext(ctx, "org.freedesktop.portal.Settings.Read", dbus.FlagNoAutoStart,
		"org.gnome.desktop.interface", "gtk-theme")
	if call.Store(&answer) != nil {
		return false
	}
	if inner, wrapped := answer.Value().(dbus.Variant); wrapped { // version 1 of the portal wraps twice
		answer = inner
	}
	theme, _ := answer.Value().(string)
	return isDarkTheme(theme)
}

func isDarkTheme(theme string) bool {
	theme = strings.ToLower(theme)
	return strings.HasSuffix(theme, "-dark") || strings.HasSuffix(theme, ":dark")
}

// SystemLanguage is the language of the desktop: "ko" or "en".
func SystemLanguage() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			return languageOf(value)
		}
	}
	return languageOf("")
}
