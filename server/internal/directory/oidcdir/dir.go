package oidcdir

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	askTime   = 10 * time.Second
	maxAnswer = 1 << 20
)

// algorithms that an ID token may be signed with: only such that need a private key. "none" and the HMACs, whose key is the
// client's secret, are not among them.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// Dir is one provider.
type Dir struct {
	s      Settings
	client *http.Client
	now    func() time.Time

	// The provider's own description is read when it is first needed, so that a server starts without it.
	mu       sync.Mutex
	provider *oidc.Provider
}

// New checks the settings; nothing is asked yet. Its errors are one sentence for who wrote them.
func New(s Settings, now func() time.Time) (*Dir, error) {
	s, err := s.complete()
	if err != nil {
		return nil, err
	}
	trusted, err := s.trust()
	if err != nil {
		return nil, err
	}
	return &Dir{s: s, now: now, client: &http.Client{
		Timeout:   askTime,
		Transport: bounded{&http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: trusted, ForceAttemptHTTP2: true}},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("the OIDC provider sends us elsewhere")
		},
	}}, nil
}

// bounded cuts answers off: the library reads some of them whole.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err //nolint:wrapcheck // http.Client wraps it
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, maxAnswer), res.Body}
	return res, nil
}

var (
	awayText = errs.Text{
		KO: "회사 로그인 서버에 연결할 수 없습니다. 잠시 후 다시 시도해주세요.",
		EN: "The company's sign-in server can't be reached. Please try again later.",
	}
	refusedText = errs.Text{
		KO: "회사 로그인이 확인되지 않았습니다. 다시 로그인해주세요.",
		EN: "The company's sign-in was not confirmed. Please sign in again.",
	}
	notInGroup = errs.Text{
		KO: "이 메신저를 사용할 수 있는 그룹에 속해 있지 않습니다. 관리자에게 문의해주세요.",
		EN: "You are not in the group that may use this messenger. Please ask an administrator.",
	}
)

func away(err error) error {
	return &errs.Error{
		Code: wire.Unavailable, Reason: wire.ReasonDirectoryAway, Text: awayText, RetryAfter: 5 * time.Second, Err: err,
	}
}

func refused(err error) error {
	return &errs.Error{Code: wire.Unauthenticated, Reason: wire.ReasonBadCredentials, Text: refusedText, Err: err}
}

// known returns the provider, asking for its description if that was not had yet. The lock is held while asking, so that a
// provider that is away is asked by one at a time, for askTime at most.
func (d *Dir) known(ctx context.Context) (*oidc.Provider, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.provider != nil {
		return d.provider, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, away(err)
	}
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, d.client), d.s.Issuer)
	if err != nil {
		return nil, away(fmt.Errorf("read the OIDC provider's description: %w", err))
	}
	d.provider = p
	return p, nil
}

// Address returns what the person's browser opens. wire.Unavailable when the provider can't be reached.
func (d *Dir) Address(ctx context.Context, t model.BrowserTry) (string, error) {
	p, err := d.known(ctx)
	if err != nil {
		return "", err
	}
	return d.config(p, t.Redirect).AuthCodeURL(t.State, oidc.Nonce(t.Nonce),
		oauth2.SetAuthURLParam("code_challenge", t.Challenge),
		oauth2.SetAuthURLParam("code_challenge_method", "S256")), nil
}

func (d *Dir) config(p *oidc.Provider, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: d.s.ClientID, ClientSecret: d.s.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: redirect,
		Scopes: append([]string{oidc.ScopeOpenID}, d.s.Scopes...),
	}
}

// Person trades a code for the person it stands for. wire.Unauthenticated when the provider does not take the code, or when
// its token is not ours, not fresh or not signed by it; wire.Forbidden for who is not in the group; wire.Unavailable when the
// provider can't be reached.
func (d *Dir) Person(ctx context.Context, c model.BrowserCode) (model.OutsidePerson, error) {
	p, err := d.known(ctx)
	if err != nil {
		return model.OutsidePerson{}, err
	}
	ctx = oidc.ClientContext(ctx, d.client)
	tokens, err := d.config(p, c.Redirect).Exchange(ctx, c.Code, oauth2.VerifierOption(c.Verifier))
	if err != nil {
		if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok && answer.Response.StatusCode < http.StatusInternalServerError {
			// The answer's body is not in the log: it may hold what was sent.
			return model.OutsidePerson{}, refused(fmt.Errorf("trade the code: status %d, %s", answer.Response.StatusCode, answer.ErrorCode))
		}
		return model.OutsidePerson{}, away(fmt.Errorf("trade the code: %w", err))
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return model.OutsidePerson{}, refused(errors.New("there is no id_token"))
	}
	checker := p.VerifierContext(ctx, &oidc.Config{ClientID: d.s.ClientID, SupportedSigningAlgs: algorithms, Now: d.now})
	token, err := checker.Verify(ctx, raw)
	if err != nil {
		return model.OutsidePerson{}, refused(err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(c.Nonce)) != 1 || c.Nonce == "" {
		return model.OutsidePerson{}, refused(errors.New("the nonce is another one"))
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return model.OutsidePerson{}, refused(err)
	}
	// OpenID Connect Core 3.1.3.7, 4 and 5: a token for several must say that it was made for us.
	if azp, given := claims["azp"]; len(token.Audience) > 1 || given {
		if azp != any(d.s.ClientID) {
			return model.OutsidePerson{}, refused(errors.New("the token was made for another client"))
		}
	}
	return d.person(token.Subject, claims)
}

// Ping asks whether the provider can be reached.
func (d *Dir) Ping(ctx context.Context) error {
	_, err := d.known(ctx)
	return err
}
