package core

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// call bounds what a call of the page waits for, signed in or not.
func (c *Core) call() (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.life, c.o.Pace.CallTimeout)
}

func (c *Core) clientOptions(address, fingerprint string) client.Options {
	return client.Options{
		Address: address, Fingerprint: fingerprint, RootCAs: c.o.RootCAs, Proxy: c.proxy, Language: c.language,
		UserAgent: "himsg-desktop/" + c.o.Version, Logger: c.o.Logger, Now: c.o.Clock.Now,
	}
}

// newHTTP prepares calls to the server that is set.
func (c *Core) newHTTP() (*client.HTTP, error) {
	c.mu.Lock()
	address, fingerprint := c.cfg.Server, c.cfg.Fingerprint
	c.mu.Unlock()
	if address == "" {
		return nil, refuse(codeBadAddress, "", "no server address")
	}
	return client.NewHTTP(c.clientOptions(address, fingerprint))
}

// CheckServer says whether a Hi_Msg server answers at an address that the user typed. A problem is in the answer, not an
// error.
func (c *Core) CheckServer(address string) (ServerCheck, error) {
	if err := c.unlocked(); err != nil {
		return ServerCheck{}, err
	}
	if len(address) > maxAddressBytes {
		return ServerCheck{Problem: &Failure{Code: codeBadAddress, Message: "address too long"}}, nil
	}
	ctx, cancel := c.call()
	defer cancel()
	result, err := client.Check(ctx, c.clientOptions(address, ""))
	unknown := result.Certificate
	if unknown != nil {
		// Asked once more with that certificate, so that the user sees whose it is before he accepts it. Nothing of his
		// goes there.
		result, err = client.Check(ctx, c.clientOptions(address, unknown.Fingerprint))
	}
	out := ServerCheck{
		Address: result.Address, Name: result.Info.Name, Version: result.Info.Version, Encrypted: result.Encrypted,
		Problem: toFailure(err),
	}
	if unknown != nil {
		out.Fingerprint, out.Issuer = unknown.Fingerprint, unknown.Issuer
	}
	return out, nil
}

// UseServer keeps the address. fingerprint is empty, or the one that the user saw and accepted.
func (c *Core) UseServer(address, fingerprint string) error {
	if err := c.unlocked(); err != nil {
		return err
	}
	if len(address) > maxAddressBytes {
		return refuse(codeBadAddress, "", "address too long")
	}
	normal, err := client.ParseAddress(address)
	if err != nil {
		return fail(err)
	}
	if raw, err := hex.DecodeString(fingerprint); err != nil || len(raw) != 0 && len(raw) != 32 {
		return refuse(wire.BadRequest, "", "not a fingerprint")
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	if err := c.mayChangeServer(normal); err != nil {
		return err
	}
	c.dropBrowser(nil)
	http, err := client.NewHTTP(c.clientOptions(normal, fingerprint))
	if err != nil {
		return fail(err)
	}
	defer http.Close()
	ctx, cancel := c.call()
	defer cancel()
	info, err := http.ServerInfo(ctx)
	if err != nil {
		return fail(err)
	}
	if info.Protocol != wire.Subprotocol {
		return refuse(codeTooOld, "", "the server speaks "+info.Protocol)
	}
	c.configure(func(cfg *config) {
		if cfg.Server != normal {
			cfg.SignUp, cfg.RegisterToken, cfg.Reset, cfg.Account = nil, "", nil, nil
		}
		cfg.Server, cfg.Fingerprint, cfg.ServerName = normal, fingerprint, info.Name
	})
	c.learn(normal, info)
	c.setNotice(nil)
	return nil
}

// ForgetServer goes back to the connect screen. Refused when the address is preset.
func (c *Core) ForgetServer() error {
	if err := c.unlocked(); err != nil {
		return err
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	if err := c.mayChangeServer(""); err != nil {
		return err
	}
	c.dropBrowser(nil)
	c.configure(func(cfg *config) {
		*cfg = config{DeviceUUID: cfg.DeviceUUID, Settings: cfg.Settings, LastPrune: cfg.LastPrune}
	})
	c.vault.Forget(c.life, secretRegisterToken)
	c.vault.Forget(c.life, secretReset)
	c.setNotice(nil)
	return nil
}

func (c *Core) mayChangeServer(to string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session != nil {
		return refuse(wire.Conflict, "", "somebody is signed in")
	}
	if c.o.ServerPreset != "" && c.o.ServerPreset != to {
		return refuse(wire.Forbidden, "", "the address is preset")
	}
	return nil
}

func (c *Core) setNotice(f *Failure) {
	c.mu.Lock()
	c.notice = f
	c.mu.Unlock()
	c.updates.State()
}

// SignIn signs in. keep: stay signed in after the next start, if the keyring works. The refusals of the server come back
// with their reason: bad_credentials, pending, rejected, disabled.
func (c *Core) SignIn(username, password string, keep bool) error {
	if err := c.unlocked(); err != nil {
		return err
	}
	if err := errors.Join(checkField(username, wire.MaxFieldRunes), checkField(password, maxSecretRunes)); err != nil {
		return fail(err)
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	return fail(c.signIn(strings.TrimSpace(username), password, keep))
}

// signIn is SignIn after the checks. changing is held.
func (c *Core) signIn(username, password string, keep bool) error {
	if _, err := c.present(); err == nil {
		return refuse(wire.Conflict, "", "somebody is signed in")
	}
	ctx, cancel := c.call()
	defer cancel()
	reply, err := c.login(ctx, username, password)
	if err != nil {
		if client.CodeOf(err) == wire.TooOld {
			c.kickUpdate()
		}
		return err
	}
	return c.arrive(ctx, reply, arrival{keep: keep, password: password})
}

// arrival is how somebody signed in. password is empty when none was typed here.
type arrival struct {
	keep      bool
	byBrowser bool
	password  string
}

// arrive begins the session that a sign-in made. changing is held.
func (c *Core) arrive(ctx context.Context, reply wire.LoginReply, how arrival) error {
	c.dropBrowser(nil)
	keep := how.keep
	who := account{Profile: profileOf(reply.User), IsAdmin: reply.IsAdmin, Keep: keep, ByBrowser: how.byBrowser}
	tokens := client.TokensOf(reply, c.o.Clock.Now())
	c.forgetOld(ctx)
	if err := c.keepTokens(ctx, tokens, keep); err != nil {
		return err
	}
	c.configure(func(cfg *config) {
		cfg.SignUp, cfg.RegisterToken, cfg.Reset, cfg.Account, cfg.Locked = nil, "", nil, nil, false
		if keep {
			cfg.Account = &who
		}
	})
	// The store may take longer than a call: it may have to be checked and moved.
	return c.startSession(c.life, who, beginning{tokens: tokens, password: how.password}) //nolint:contextcheck // it outlives the call
}

// forgetOld removes the secrets that a sign-in makes needless.
func (c *Core) forgetOld(ctx context.Context) {
	c.mu.Lock()
	kept, waiting, resetting := c.cfg.Account != nil, c.cfg.SignUp != nil, c.cfg.Reset != nil
	c.mu.Unlock()
	if kept {
		c.vault.Forget(ctx, secretTokens)
	}
	if waiting {
		c.vault.Forget(ctx, secretRegisterToken)
	}
	if resetting {
		c.vault.Forget(ctx, secretReset)
	}
}

func (c *Core) login(ctx context.Context, username, password string) (wire.LoginReply, error) {
	http, err := c.newHTTP()
	if err != nil {
		return wire.LoginReply{}, err
	}
	defer http.Close()
	c.mu.Lock()
	device := c.cfg.DeviceUUID
	c.mu.Unlock()
	return http.Login(ctx, wire.LoginRequest{
		Username: username, Password: password, DeviceUUID: device, DeviceName: deviceName(),
		Platform: runtime.GOOS, AppVersion: c.o.Version,
	})
}

// SignOut ends the session on the server, as far as it can be reached, and wipes what this device holds of the person:
// tokens, store, unsent messages and drafts. It asks nothing: the page warns when a room has an unsent_count.
func (c *Core) SignOut() error {
	c.changing.Lock()
	defer c.changing.Unlock()
	s, err := c.present()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.life, c.o.Pace.Logout)
	defer cancel()
	if err := s.auth.Logout(ctx); err != nil {
		c.o.Logger.WarnContext(ctx, "tell the server of the sign-out", slog.Any("error", err))
	}
	c.dropSession(c.life, true)
	return nil
}

// ChangePassword sets a new password; all other sessions of the person end.
func (c *Core) ChangePassword(current, next string) error {
	if err := errors.Join(checkField(current, maxSecretRunes), checkField(next, maxSecretRunes)); err != nil {
		return fail(err)
	}
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	ctx, cancel := s.call()
	defer cancel()
	if err := s.auth.ChangePassword(ctx, current, next); err != nil {
		return fail(err)
	}
	return fail(s.storeFailed(s.lock.Learn(ctx, next)))
}

// keptTokens is a pair of tokens as it is kept.
type keptTokens struct {
	Access  string `json:"access"`
	Refresh string `json:"refresh"`
	Expires int64  `json:"expires"` // of the access token, milliseconds
}

func (c *Core) keepTokens(ctx context.Context, t client.Tokens, keep bool) error {
	text, err := json.Marshal(keptTokens{Access: t.Access, Refresh: t.Refresh, Expires: t.AccessExpires.UnixMilli()})
	if err != nil {
		return fmt.Errorf("encode tokens: %w", err)
	}
	if keep {
		c.vault.Keep(ctx, secretTokens, string(text)) // where that does not work, they last until the app ends
	} else {
		c.vault.Hold(secretTokens, string(text))
	}
	return nil
}

// tokens returns the kept pair, or ErrNoSecret.
func (c *Core) tokens(ctx context.Context) (client.Tokens, error) {
	text, err := c.vault.Get(ctx, secretTokens)
	if err != nil {
		return client.Tokens{}, err
	}
	var kept keptTokens
	if json.Unmarshal([]byte(text), &kept) != nil || kept.Refresh == "" {
		return client.Tokens{}, ErrNoSecret
	}
	return client.Tokens{
		Access: kept.Access, Refresh: kept.Refresh, AccessExpires: time.UnixMilli(kept.Expires),
	}, nil
}
