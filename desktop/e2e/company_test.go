//go:build e2e || screens || budget || ages || cluster

package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// binary returns the program that an environment variable names. make test-e2e builds them and sets it.
func binary(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("%s is not set: run make test-e2e", variable)
	}
	return path
}

// company is a server, and a desktop on which its people's apps run.
type company struct {
	desk   *desk.Desk
	server *backend.Server
}

func newCompany(t *testing.T) company {
	t.Helper()
	return company{desk: desk.Start(t, desk.Options{}), server: backend.Start(t, binary(t, "HIMSG_E2E_SERVER"))}
}

// open opens an app with a profile of its own.
func (c company) open(t *testing.T, opts window.Options) *window.Window {
	t.Helper()
	if opts.Profile == "" {
		opts.Profile = filepath.Join(t.TempDir(), "profile")
	}
	opts.Binary = binary(t, "HIMSG_E2E_APP")
	return window.Open(t, c.desk, opts)
}

// signIn signs a person in at the sign-in screen and waits for the main window.
func signIn(t *testing.T, w *window.Window, username string) {
	t.Helper()
	w.Type(t, window.Select("signin-username"), username)
	w.Type(t, window.Select("signin-password"), backend.Password)
	w.Click(t, window.Select("signin-submit"))
	online(t, w)
}

// online waits until the app is signed in and connected.
func online(t *testing.T, w *window.Window) {
	t.Helper()
	w.See(t, window.Select("rail-chats"))
	w.WaitFor(t, `document.querySelector('[data-testid="link-state"]')?.dataset.link === 'online'`)
}

// openPerson goes to the conversation with somebody by the people list.
func openPerson(t *testing.T, w *window.Window, name string) {
	t.Helper()
	w.Click(t, window.Select("rail-people"))
	w.Type(t, window.Select("people-search"), name)
	w.SeeText(t, window.Select("people-row"), name)
	w.Click(t, window.Select("people-row"))
	w.Click(t, window.Select("person-message"))
	w.See(t, window.Select("composer-input"))
}

// say writes a message into the open conversation and sends it with the button.
func say(t *testing.T, w *window.Window, text string) {
	t.Helper()
	w.Type(t, window.Select("composer-input"), text)
	w.Click(t, window.Select("composer-send"))
	w.SeeText(t, window.Select("message"), text)
}

// stays fails the test if something does not hold all the time for a while: nothing may happen, and that takes time to
// see.
func stays(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(1500 * time.Millisecond); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if !holds() {
			t.Fatalf("not any more: %s", what)
		}
	}
}

// picture is where a test leaves a picture: beside the screens when those are asked for, else in a temporary folder.
func picture(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("HIMSG_SCREENS_DIR")
	if dir == "" {
		dir = t.TempDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}
