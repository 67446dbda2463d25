package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

const (
	// AccessLife is how long an access token is taken.
	AccessLife = 10 * time.Minute
	// SessionLife is how long a session lasts without a refresh.
	SessionLife = 30 * 24 * time.Hour

	lostReplyGrace = 30 * time.Second
	rememberSpent  = 24 * time.Hour

	issuer      = "himsg"
	audience    = "himsg-api"
	clockLeeway = 5 * time.Second // between nodes
	maxTokenLen = 4096
	secretBytes = 32
)

var (
	errExpired = errs.E(wire.Unauthenticated, wire.ReasonTokenExpired, errs.Text{})
	errInvalid = errs.E(wire.Unauthenticated, wire.ReasonTokenInvalid, errs.Text{})
	errRevoked = errs.E(wire.Unauthenticated, wire.ReasonSessionRevoked, errs.Text{
		KO: "로그아웃되었습니다. 다시 로그인해주세요.", EN: "You were signed out. Please sign in again.",
	})
	errRemoved = errs.E(wire.Unauthenticated, wire.ReasonDeviceRemoved, errs.Text{
		KO: "관리자가 이 기기를 로그아웃했습니다.", EN: "An administrator signed this device out.",
	})
	errDisabled = errs.E(wire.Unauthenticated, wire.ReasonDisabled, errs.Text{
		KO: "사용이 중지된 계정입니다. 관리자에게 문의해주세요.", EN: "This account is disabled. Please ask an administrator.",
	})
	errReset = errs.E(wire.Unauthenticated, wire.ReasonPasswordReset, errs.Text{
		KO: "비밀번호가 재설정되어 로그아웃되었습니다. 새 비밀번호로 로그인해주세요.",
		EN: "Your password was reset, so you were signed out. Please sign in with the new one.",
	})
	errReused = errs.E(wire.Unauthenticated, wire.ReasonRefreshReused, errs.Text{
		KO: "로그인 정보가 두 번 사용되어 로그아웃되었습니다. 다시 로그인해주세요.",
		EN: "Your sign-in was used twice, so it was ended. Please sign in again.",
	})
)

type claims struct {
	jwt.RegisteredClaims
	SID string `json:"sid"`
}

// accessTokens makes and reads access tokens: JWTs that live ten minutes, with one algorithm (HS256) and keys from
// our own map only. A token says who and which session; whether that session still lives is asked elsewhere
// (liveSessions).
type accessTokens struct {
	secret Secret
	now    func() time.Time

	mu   sync.Mutex // guards what follows
	kid  string     // the key that signs
	keys map[string][]byte
	till time.Time // when to look again which keys hold
}

// current returns the keys of this moment; deriving them anew once an hour is often enough.
func (t *accessTokens) current() (kid string, keys map[string][]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := t.now(); now.After(t.till) || now.Before(t.till.Add(-2*time.Hour)) {
		t.kid, t.keys = t.secret.jwtKeys(now)
		t.till = now.Add(time.Hour)
	}
	return t.kid, t.keys
}

func (t *accessTokens) make(userUUID, sessionUUID string) (string, error) {
	kid, keys := t.current()
	now := t.now()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: userUUID,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(AccessLife)),
		},
		SID: sessionUUID,
	})
	token.Header["kid"] = kid
	signed, err := token.SignedString(keys[kid])
	if err != nil {
		return "", fmt.Errorf("sign access token: %w", err)
	}
	return signed, nil
}

// read returns whose session a token names. It tells an expired token from one that was never ours, nothing more.
func (t *accessTokens) read(token string) (userUUID, sessionUUID string, err error) {
	if len(token) > maxTokenLen {
		return "", "", errInvalid
	}
	_, keys := t.current()
	var c claims
	_, err = jwt.ParseWithClaims(token, &c,
		func(parsed *jwt.Token) (any, error) {
			kid, _ := parsed.Header["kid"].(string)
			if key, ok := keys[kid]; ok {
				return key, nil
			}
			return nil, errors.New("unknown kid")
		},
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithIssuer(issuer), jwt.WithAudience(audience), jwt.WithLeeway(clockLeeway), jwt.WithTimeFunc(t.now))
	switch {
	case errors.Is(err, jwt.ErrTokenExpired) && !errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return "", "", errExpired
	case err != nil, c.Subject == "", c.SID == "":
		return "", "", errInvalid
	}
	return c.Subject, c.SID, nil
}

// newSecretToken makes a random token for a device to keep. We keep its hash.
func newSecretToken() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // it never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// follower derives the refresh token that follows one. Who asks again because the reply was lost gets the same answer,
// though we store no token; and without our key nobody can go from a token to the next.
func follower(key []byte, token string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(token))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// tokenHash is how a secret token is stored: it is random and long, so one round of SHA-256 is enough.
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
