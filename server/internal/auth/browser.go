package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file signs people in by the browser: OpenID Connect's authorization code with PKCE, and a redirect to the person's own
// machine (RFC 8252). The verifier never leaves the device, the client's secret never the server.

// browserTryLife is how long somebody may take to sign in at the company's page.
const browserTryLife = 10 * time.Minute

// maxBrowserText bounds codes and states: providers send some hundred bytes, Entra ID two thousand.
const maxBrowserText = 8 << 10

var (
	noBrowser    = text("이 서버에서는 회사 계정으로 로그인할 수 없습니다.", "This server has no sign-in by the browser.")
	badRedirect  = text("이 컴퓨터의 주소가 아닙니다.", "This is not an address of this machine.")
	badChallenge = text("SHA-256 값이 아닙니다.", "This is not a SHA-256 value.")
	tryOver      = errs.E(wire.Unauthenticated, wire.ReasonBadCredentials,
		text("로그인 시간이 지났습니다. 다시 로그인해주세요.", "The sign-in took too long. Please try again."))
)

// browserTry is what the server wants to know again at the end; it goes to the device and comes back, signed.
type browserTry struct {
	State     string `json:"state"`
	Nonce     string `json:"nonce"`
	Redirect  string `json:"redirect"`
	ExpiresAt int64  `json:"expires_at"`
}

// BeginBrowser starts a sign-in by the browser. wire.NotFound when the server has none; wire.BadRequest for an address that is
// not the device's own; wire.Unavailable when the provider can't be reached.
func (s *Service) BeginBrowser(ctx context.Context, in wire.BrowserBeginRequest) (wire.BrowserBeginReply, error) {
	if s.o.Browser == nil {
		return wire.BrowserBeginReply{}, errs.NotFound(noBrowser)
	}
	if !isOwnMachine(in.RedirectURI) {
		return wire.BrowserBeginReply{}, errs.BadField("redirect_uri", badRedirect)
	}
	if sum, err := base64.RawURLEncoding.DecodeString(in.CodeChallenge); err != nil || len(sum) != sha256.Size {
		return wire.BrowserBeginReply{}, errs.BadField("code_challenge", badChallenge)
	}
	try := browserTry{
		State: newSecretToken(), Nonce: newSecretToken(), Redirect: in.RedirectURI,
		ExpiresAt: s.o.Now().Add(browserTryLife).UnixMilli(),
	}
	address, err := s.o.Browser.Address(ctx, model.BrowserTry{
		Redirect: try.Redirect, State: try.State, Nonce: try.Nonce, Challenge: in.CodeChallenge,
	})
	if err != nil {
		return wire.BrowserBeginReply{}, fmt.Errorf("begin a sign-in by the browser: %w", err)
	}
	sealed, err := s.sealTry(try)
	if err != nil {
		return wire.BrowserBeginReply{}, err
	}
	return wire.BrowserBeginReply{AuthorizationURL: address, State: try.State, Attempt: sealed}, nil
}

// FinishBrowser trades what the browser brought back for a session. wire.Unauthenticated when any of it is not what belongs
// together, wire.Forbidden when the account may not come in.
func (s *Service) FinishBrowser(ctx context.Context, in wire.BrowserFinishRequest, remoteAddr string) (SignedIn, error) {
	if s.o.Browser == nil {
		return SignedIn{}, errs.NotFound(noBrowser)
	}
	if len(in.Code) > maxBrowserText || len(in.CodeVerifier) > maxBrowserText {
		return SignedIn{}, tryOver
	}
	device, err := deviceOf(wire.LoginRequest{
		DeviceUUID: in.DeviceUUID, DeviceName: in.DeviceName, Platform: in.Platform, AppVersion: in.AppVersion,
	})
	if err != nil {
		return SignedIn{}, err
	}
	try, ok := s.openTry(in.Attempt)
	if !ok || !hmac.Equal([]byte(try.State), []byte(in.State)) {
		return SignedIn{}, tryOver
	}
	person, err := s.o.Browser.Person(ctx, model.BrowserCode{
		Code: in.Code, Verifier: in.CodeVerifier, Redirect: try.Redirect, Nonce: try.Nonce,
	})
	if err != nil {
		return SignedIn{}, fmt.Errorf("finish a sign-in by the browser: %w", err)
	}
	return s.arrive(ctx, model.SourceOIDC, person, device, remoteAddr)
}

// arrive brings the account in step with what the outside says of it, makes it if it is new, and starts a session.
func (s *Service) arrive(
	ctx context.Context, source string, person model.OutsidePerson, device model.Device, remoteAddr string,
) (SignedIn, error) {
	user, err := s.o.Arrivals(ctx, source, person)
	if err != nil {
		return SignedIn{}, fmt.Errorf("take over an account: %w", err)
	}
	if refusal, ok := mayNot[user.State]; ok {
		return SignedIn{}, refusal
	}
	return s.start(ctx, user, device, remoteAddr)
}

// isOwnMachine reports whether an address is http on a port of the loopback interface, by number: a name can be turned
// elsewhere (RFC 8252, 8.3).
func isOwnMachine(address string) bool {
	u, err := url.Parse(address)
	if err != nil || len(address) > 200 || u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Port() == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}

func (s *Service) sealTry(t browserTry) (string, error) {
	data, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("encode a sign-in: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(append(s.tryMAC(data), data...)), nil
}

func (s *Service) openTry(sealed string) (t browserTry, ok bool) {
	if len(sealed) > maxBrowserText {
		return t, false
	}
	data, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(data) <= sha256.Size {
		return t, false
	}
	mac, data := data[:sha256.Size], data[sha256.Size:]
	if !hmac.Equal(mac, s.tryMAC(data)) || json.Unmarshal(data, &t) != nil {
		return t, false
	}
	return t, s.o.Now().UnixMilli() <= t.ExpiresAt
}

func (s *Service) tryMAC(data []byte) []byte {
	mac := hmac.New(sha256.New, s.o.Secret.derive("browser"))
	mac.Write(data)
	return mac.Sum(nil)
}
