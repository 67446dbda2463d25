package core

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"himsg/shared/wire"
)

// The loopback is where the system's browser comes back to after a sign-in at the company's page (RFC 8252, 7.3): a port of
// this machine alone, that answers one address for as long as one sign-in lasts.

const (
	loopbackPath    = "/callback"
	loopbackBytes   = 16 << 10        // of a request's head
	loopbackTimeout = 5 * time.Second // for reading a request, and for writing the page
	loopbackEnding  = time.Second     // for what the browser holds open beside
)

// loopback waits for one answer of the browser.
type loopback struct {
	state string // set before the browser is opened

	listener net.Listener
	server   *http.Server
	served   sync.WaitGroup

	mu   sync.Mutex
	over bool
	got  chan returned // exactly one
}

// returned is what the browser brought back.
type returned struct {
	code string
	err  error
}

// Reasons of a sign-in by the browser that did not work.
const (
	reasonBrowserRefused wire.Reason = "browser_refused" // the company's page said no, or the user did there
	reasonBrowserLate    wire.Reason = "browser_late"    // nobody came back in time
	reasonBrowserOther   wire.Reason = "browser_other"   // somebody else signed in than the one who locked the app
	reasonBrowserOpen    wire.Reason = "browser_open"    // no browser could be opened here
)

// listenLoopback opens the port; 0 lets the system choose it.
func listenLoopback(ctx context.Context) (*loopback, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the browser: %w", err)
	}
	l := &loopback{listener: listener, got: make(chan returned, 1)}
	l.server = &http.Server{
		Handler: l, ReadTimeout: loopbackTimeout, WriteTimeout: loopbackTimeout, MaxHeaderBytes: loopbackBytes,
	}
	l.server.SetKeepAlivesEnabled(false)
	return l, nil
}

// address is what the browser is to come back to.
func (l *loopback) address() string { return "http://" + l.listener.Addr().String() + loopbackPath }

// wait answers the browser until it brought back what belongs to this sign-in, or ctx ends. Close it then.
func (l *loopback) wait(ctx context.Context) (code string, err error) {
	l.served.Go(func() { _ = l.server.Serve(l.listener) }) // it ends by Shutdown or Close, below
	select {
	case r := <-l.got:
		return r.code, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// close lets the last page reach the browser and ends all else.
func (l *loopback) close() {
	ending, cancel := context.WithTimeout(context.Background(), loopbackEnding)
	defer cancel()
	if err := l.server.Shutdown(ending); err != nil {
		_ = l.server.Close() // what is cut off is a page that says: close this window
	}
	_ = l.listener.Close() // a second time, unless it was never served
	l.served.Wait()
}

// ServeHTTP takes the one answer that belongs to this sign-in. Everything else on this machine may knock here too: it is
// told nothing and ends nothing.
func (l *loopback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != loopbackPath || r.Host != l.listener.Addr().String(): // a name may be turned to this address
		http.NotFound(w, r)
		return
	case r.Method != http.MethodGet:
		http.Error(w, "GET only", http.StatusMethodNotAllowed)
		return
	}
	query := r.URL.Query()
	if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(l.state)) != 1 {
		showPage(w, http.StatusBadRequest, pageForeign)
		return
	}
	answer := returned{code: query.Get("code")}
	if answer.code == "" {
		answer.err = refuse(wire.Unauthenticated, reasonBrowserRefused, "the company's page answered: "+bounded(query.Get("error")))
	}
	if !l.take(answer) {
		showPage(w, http.StatusGone, pageForeign)
		return
	}
	if answer.err != nil {
		showPage(w, http.StatusOK, pageRefused)
		return
	}
	showPage(w, http.StatusOK, pageDone)
}

// take keeps the first answer; false: there was one.
func (l *loopback) take(answer returned) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return false
	}
	l.over = true
	l.got <- answer
	return true
}

// bounded is a foreign text for the log.
func bounded(text string) string {
	const most = 100
	if len(text) > most {
		text = text[:most]
	}
	return fmt.Sprintf("%q", text)
}

// loopbackPage is what the browser shows. It is read by whoever sits there, whichever language he set in the app.
type loopbackPage struct{ ko, en string }

var (
	pageDone    = loopbackPage{"로그인했습니다. 이 창을 닫고 앱으로 돌아가세요.", "You are signed in. You may close this window and go back to the app."}
	pageRefused = loopbackPage{"로그인하지 못했습니다. 이 창을 닫고 앱에서 다시 시도해 주세요.", "The sign-in did not work. Close this window and try again in the app."}
	pageForeign = loopbackPage{"이 로그인은 끝났거나 이 앱에서 시작하지 않았습니다. 이 창을 닫아도 됩니다.", "This sign-in is over, or was not begun by the app. You may close this window."}
)

func showPage(w http.ResponseWriter, status int, p loopbackPage) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer") // the address has the code in it
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="ko"><meta charset="utf-8"><title>Hi_Msg</title>
<style>html{color-scheme:light dark}body{font:16px/1.6 sans-serif;max-width:32em;margin:20vh auto;padding:0 1em}</style>
<h1>Hi_Msg</h1><p>%s</p><p lang="en">%s</p></html>`, p.ko, p.en) // the browser went away: nobody is left to be told
}

// browserFailure is why the wait for the browser ended without an answer.
func browserFailure(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return refuse(wire.Unauthenticated, reasonBrowserLate, "nobody came back from the browser")
	}
	return err
}
