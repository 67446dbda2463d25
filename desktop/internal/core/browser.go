package core

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"os"
	"runtime"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// Signing in by the system's browser, at the company's own page (ADR 0016). The verifier never leaves this file, the page
// never learns an address: it asks for a sign-in, sees in State that one is under way, and may end it.

// browserTry is one sign-in by the browser. A new one ends the one before.
type browserTry struct {
	unlock   bool // it is to show who sits there, and begins no session
	keep     bool
	verifier string // 256 bits, base64url (RFC 7636)
	back     *loopback
	begun    wire.BrowserBeginReply
	end      context.CancelFunc
}

// SignInByBrowser opens the company's sign-in page in the system's browser and returns; State.Browser holds until somebody
// came back, and State.Notice says what went wrong.
func (c *Core) SignInByBrowser(keep bool) error {
	if err := c.unlocked(); err != nil {
		return err
	}
	if _, err := c.present(); err == nil {
		return refuse(wire.Conflict, "", "somebody is signed in")
	}
	return fail(c.openBrowser(&browserTry{keep: keep}))
}

// UnlockByBrowser is SignInByBrowser for who locked the app and has no password: the same person must come back.
func (c *Core) UnlockByBrowser() error {
	s, err := c.present()
	if err != nil {
		return err
	}
	if !s.lock.Locked() {
		return nil
	}
	if !c.unlocksByBrowser() {
		return refuse(wire.Forbidden, "", "this account has a password")
	}
	return fail(c.openBrowser(&browserTry{unlock: true}))
}

// unlocksByBrowser reports whether the signed-in person signs in by the browser and typed no password on this device.
func (c *Core) unlocksByBrowser() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.account != nil && c.account.ByBrowser && c.session != nil && !c.session.lock.Knows()
}

// CancelBrowser ends a sign-in by the browser that is under way. A repeat is harmless.
func (c *Core) CancelBrowser() error {
	c.dropBrowser(nil)
	return nil
}

// dropBrowser ends the try that is under way, or if try is not nil, that one.
func (c *Core) dropBrowser(try *browserTry) {
	c.mu.Lock()
	held := c.browser
	if held == nil || try != nil && held != try {
		c.mu.Unlock()
		return
	}
	c.browser = nil
	c.mu.Unlock()
	held.end()
	c.updates.State()
}

func (c *Core) openBrowser(try *browserTry) error {
	c.dropBrowser(nil)
	ctx, cancel := c.call()
	defer cancel()
	http, err := c.newHTTP()
	if err != nil {
		return err
	}
	defer http.Close()
	if try.back, err = listenLoopback(ctx); err != nil {
		return err
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails, see crypto/rand
	try.verifier = base64.RawURLEncoding.EncodeToString(raw)
	sum := sha256.Sum256([]byte(try.verifier))
	try.begun, err = http.BeginBrowser(ctx, wire.BrowserBeginRequest{
		RedirectURI: try.back.address(), CodeChallenge: base64.RawURLEncoding.EncodeToString(sum[:]),
	})
	var address string
	if err == nil {
		address, err = checkLink(try.begun.AuthorizationURL)
	}
	if err == nil && try.begun.State == "" {
		err = client.ErrNotHimsg // whoever knocks without a state would be let in
	}
	if err != nil {
		try.back.close()
		return err
	}
	try.back.state = try.begun.State
	if err := c.await(try); err != nil {
		try.back.close()
		return err
	}
	if err := c.o.Opener.OpenURL(address); err != nil {
		c.dropBrowser(try)
		return refuse(wire.Internal, reasonBrowserOpen, err.Error())
	}
	return nil
}

// await waits for the browser in the background; what comes of it is in State.
func (c *Core) await(try *browserTry) error {
	life, end := context.WithTimeout(c.life, c.o.Pace.Browser)
	try.end = end
	c.mu.Lock()
	if c.life.Err() != nil || c.browser != nil {
		c.mu.Unlock()
		end()
		return refuse(wire.Conflict, "", "another sign-in by the browser began")
	}
	c.browser, c.notice = try, nil
	c.browsing.Add(1)
	c.mu.Unlock()
	c.updates.State()
	go func() {
		defer c.browsing.Done()
		defer try.back.close() //nolint:contextcheck // it lets the last page out when life is over
		defer end()
		code, err := try.back.wait(life)
		if err == nil {
			err = c.returned(try, code) //nolint:contextcheck // the wait is over; what follows has the time of a call
		}
		if errors.Is(err, context.Canceled) {
			return // the user ended it, or the app does
		}
		if err != nil {
			c.o.Logger.Info("sign in by the browser", slog.Any("error", err))
			c.mu.Lock()
			c.notice = toFailure(browserFailure(err))
			c.mu.Unlock()
		}
		c.dropBrowser(try)
	}()
	return nil
}

// returned trades what the browser brought back for a session.
func (c *Core) returned(try *browserTry, code string) error {
	c.changing.Lock()
	defer c.changing.Unlock()
	c.mu.Lock()
	wanted, signedIn := c.browser == try, c.session != nil
	c.mu.Unlock()
	if !wanted || signedIn != try.unlock {
		return context.Canceled // somebody signed in or out meanwhile
	}
	ctx, cancel := c.call()
	defer cancel()
	http, err := c.newHTTP()
	if err != nil {
		return err
	}
	defer http.Close()
	c.mu.Lock()
	device := c.cfg.DeviceUUID
	c.mu.Unlock()
	reply, err := http.FinishBrowser(ctx, wire.BrowserFinishRequest{
		Attempt: try.begun.Attempt, State: try.begun.State, Code: code, CodeVerifier: try.verifier,
		DeviceUUID: device, DeviceName: deviceName(), Platform: runtime.GOOS, AppVersion: c.o.Version,
	})
	if err != nil {
		return err
	}
	if !try.unlock {
		return c.arrive(ctx, reply, arrival{keep: try.keep, byBrowser: true})
	}
	c.endSecond(ctx, reply)
	s, err := c.present()
	if err != nil {
		return err
	}
	if reply.User.UUID != s.me {
		return refuse(wire.Unauthenticated, reasonBrowserOther, "somebody else signed in")
	}
	return c.showAgain(ctx, s)
}

// deviceName is what the list of devices calls this one.
func deviceName() string {
	name, err := os.Hostname()
	if err != nil {
		return runtime.GOOS
	}
	return name
}
