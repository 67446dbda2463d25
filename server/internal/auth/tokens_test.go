package auth_test

import (
	"context"
	"crypto"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"himsg/server/internal/bus"
	"himsg/shared/wire"
)

// forge makes a token of any header and claims, signed by any key: HMAC for bytes, RSA for a key, nothing for nil.
func forge(t *testing.T, header, claims map[string]any, key any) string {
	t.Helper()
	encode := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	signing := encode(header) + "." + encode(claims)
	var sig []byte
	var err error
	switch k := key.(type) {
	case []byte:
		method := jwt.SigningMethod(jwt.SigningMethodHS256)
		if header["alg"] == "HS512" {
			method = jwt.SigningMethodHS512
		}
		sig, err = method.Sign(signing, k)
	case *rsa.PrivateKey:
		sum := sha256.Sum256([]byte(signing))
		sig, err = rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sum[:])
	}
	if err != nil {
		t.Fatal(err)
	}
	return signing + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// parts takes one of our tokens apart.
func parts(t *testing.T, token string) (header, claims map[string]any) {
	t.Helper()
	for i, into := range []*map[string]any{&header, &claims} {
		b, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[i])
		if err == nil {
			err = json.Unmarshal(b, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}

// signingKey derives the real key as the server does: the strongest forger, who gets one thing wrong.
func signingKey(t *testing.T, w *world, kid string) []byte {
	t.Helper()
	key, err := hkdf.Key(sha256.New, w.secret.Master(), nil, "himsg jwt "+kid+" v1", 32)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestBadAccessTokens(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	good := w.login("kim").Access
	header, claims := parts(t, good)
	kid, _ := header["kid"].(string)
	key := signingKey(t, w, kid)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public := x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey)
	with := func(m map[string]any, pairs ...any) map[string]any {
		out := map[string]any{}
		for k, v := range m {
			out[k] = v
		}
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i+1] == nil {
				delete(out, pairs[i].(string))
			} else {
				out[pairs[i].(string)] = pairs[i+1]
			}
		}
		return out
	}
	now := float64(w.clock().Unix())
	actor := w.actor(forge(t, header, claims, key)) // the forger's key is right, so each refusal below has its own cause
	for name, c := range map[string]struct {
		token  string
		reason wire.Reason
	}{
		"empty":                  {"", wire.ReasonTokenInvalid},
		"no token":               {"hello", wire.ReasonTokenInvalid},
		"with its scheme":        {"Bearer " + good, wire.ReasonTokenInvalid},
		"huge":                   {good + strings.Repeat("A", 5000), wire.ReasonTokenInvalid},
		"signature cut":          {good[:len(good)-4], wire.ReasonTokenInvalid},
		"no signature":           {good[:strings.LastIndex(good, ".")+1], wire.ReasonTokenInvalid},
		"alg none":               {forge(t, with(header, "alg", "none"), claims, nil), wire.ReasonTokenInvalid},
		"alg None":               {forge(t, with(header, "alg", "None"), claims, nil), wire.ReasonTokenInvalid},
		"alg HS512, right key":   {forge(t, with(header, "alg", "HS512"), claims, key), wire.ReasonTokenInvalid},
		"alg RS256":              {forge(t, with(header, "alg", "RS256"), claims, rsaKey), wire.ReasonTokenInvalid},
		"RSA key as HMAC secret": {forge(t, header, claims, public), wire.ReasonTokenInvalid},
		"empty key":              {forge(t, header, claims, []byte{}), wire.ReasonTokenInvalid},
		"no kid":                 {forge(t, with(header, "kid", nil), claims, key), wire.ReasonTokenInvalid},
		"kid of another time":    {forge(t, with(header, "kid", "k1"), claims, signingKey(t, w, "k1")), wire.ReasonTokenInvalid},
		"kid is a path":          {forge(t, with(header, "kid", "../../../../dev/null"), claims, []byte{}), wire.ReasonTokenInvalid},
		"kid is SQL":             {forge(t, with(header, "kid", "x' union select 'a"), claims, []byte("a")), wire.ReasonTokenInvalid},
		"kid is a number":        {forge(t, with(header, "kid", 7), claims, key), wire.ReasonTokenInvalid},
		"jwk in the header":      {forge(t, with(header, "jwk", map[string]any{"kty": "oct", "k": "YQ"}), claims, []byte("a")), wire.ReasonTokenInvalid},
		"no exp":                 {forge(t, header, with(claims, "exp", nil), key), wire.ReasonTokenInvalid},
		"exp as text":            {forge(t, header, with(claims, "exp", "tomorrow"), key), wire.ReasonTokenInvalid},
		"expired":                {forge(t, header, with(claims, "exp", now-60), key), wire.ReasonTokenExpired},
		"expired, wrong key":     {forge(t, header, with(claims, "exp", now-60), []byte("a")), wire.ReasonTokenInvalid},
		"issued tomorrow":        {forge(t, header, with(claims, "iat", now+86400), key), wire.ReasonTokenInvalid},
		"no aud":                 {forge(t, header, with(claims, "aud", nil), key), wire.ReasonTokenInvalid},
		"other aud":              {forge(t, header, with(claims, "aud", "himsg-download"), key), wire.ReasonTokenInvalid},
		"no iss":                 {forge(t, header, with(claims, "iss", nil), key), wire.ReasonTokenInvalid},
		"other iss":              {forge(t, header, with(claims, "iss", "evil"), key), wire.ReasonTokenInvalid},
		"no sub":                 {forge(t, header, with(claims, "sub", nil), key), wire.ReasonTokenInvalid},
		"other sub":              {forge(t, header, with(claims, "sub", "0190b6a5-0000-7000-8000-000000000000"), key), wire.ReasonTokenInvalid},
		"no sid":                 {forge(t, header, with(claims, "sid", nil), key), wire.ReasonTokenInvalid},
		"unknown sid":            {forge(t, header, with(claims, "sid", "0190b6a5-0000-7000-8000-000000000000"), key), wire.ReasonSessionRevoked},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Authenticate(context.Background(), c.token)
			refused(t, err, wire.Unauthenticated, c.reason)
		})
	}
	if again := w.actor(good); again != actor {
		t.Errorf("the good token names %+v", again)
	}
}

func TestAnAccessTokenLivesTenMinutes(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	token := w.login("kim").Access
	w.pass(10 * time.Minute) // and no constant of the code's, or a longer life would pass
	w.actor(token)           // nodes' clocks may differ by a few seconds
	w.pass(6 * time.Second)
	_, err := w.Authenticate(context.Background(), token)
	refused(t, err, wire.Unauthenticated, wire.ReasonTokenExpired)
}

func TestTokensOutliveTheTurnOfTheKey(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	in := w.login("kim")
	kids := map[any]bool{}
	for range 3 {
		period := 30 * 24 * time.Hour
		toTurn := period - time.Duration(w.clock().UnixMilli()%period.Milliseconds())*time.Millisecond
		for _, step := range []time.Duration{toTurn / 2, toTurn/2 - 4*time.Minute} { // a session lives 30 days
			w.pass(step)
			next, err := w.Refresh(context.Background(), in.Refresh, "10.0.0.1", "")
			if err != nil {
				t.Fatal(err)
			}
			in = next
		}
		header, _ := parts(t, in.Access)
		kids[header["kid"]] = true
		w.actor(in.Access)
		w.pass(8 * time.Minute) // the key turned in between
		w.actor(in.Access)
	}
	if len(kids) < 3 {
		t.Errorf("%d keys in three months", len(kids))
	}
}

func TestARefreshTokenIsSpentOnce(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	first := w.login("kim")
	second, err := w.Refresh(context.Background(), first.Refresh, "10.0.0.1", "")
	if err != nil || second.Refresh == first.Refresh {
		t.Fatalf("%v", err)
	}
	w.actor(second.Access)

	t.Run("a lost reply gives the same token", func(t *testing.T) {
		w.pass(29 * time.Second)
		again, err := w.Refresh(context.Background(), first.Refresh, "10.0.0.1", "")
		if err != nil || again.Refresh != second.Refresh {
			t.Fatalf("%v", err)
		}
	})
	t.Run("a replay ends the session for all who hold its tokens", func(t *testing.T) {
		w.pass(2 * time.Second)
		_, err := w.Refresh(context.Background(), first.Refresh, "10.6.6.6", "")
		refused(t, err, wire.Unauthenticated, wire.ReasonRefreshReused)
		_, err = w.Refresh(context.Background(), second.Refresh, "10.0.0.1", "")
		refused(t, err, wire.Unauthenticated, wire.ReasonSessionRevoked)
		_, err = w.Authenticate(context.Background(), second.Access)
		refused(t, err, wire.Unauthenticated, wire.ReasonSessionRevoked)
		if len(w.revoked) != 1 {
			t.Errorf("published %v", w.revoked)
		}
	})
	for _, token := range []string{"", "x", strings.Repeat("x", 10_000)} {
		_, err := w.Refresh(context.Background(), token, "10.0.0.1", "")
		refused(t, err, wire.Unauthenticated, wire.ReasonTokenInvalid)
	}
}

func TestTwentyRefreshesAtOnceAgree(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	in := w.login("kim")
	got := make([]string, 20)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			next, err := w.Refresh(context.Background(), in.Refresh, "10.0.0.1", "")
			if err != nil {
				t.Error(err)
			}
			got[i] = next.Refresh
		})
	}
	all.Wait()
	for _, token := range got {
		if token != got[0] {
			t.Fatal("they got different tokens")
		}
	}
	if _, err := w.Refresh(context.Background(), got[0], "10.0.0.1", ""); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

func TestARevokedSessionIsRefusedAtOnce(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	mine, other := w.login("kim"), w.login("kim")
	actor := w.actor(mine.Access)
	w.actor(other.Access) // now both are remembered

	if err := w.ChangePassword(context.Background(), actor, goodPassword, "ein anderes Wort 9"); err != nil {
		t.Fatal(err)
	}
	w.actor(mine.Access)
	_, err := w.Authenticate(context.Background(), other.Access)
	refused(t, err, wire.Unauthenticated, wire.ReasonSessionRevoked)

	if err := w.Logout(context.Background(), actor); err != nil {
		t.Fatal(err)
	}
	_, err = w.Authenticate(context.Background(), mine.Access)
	refused(t, err, wire.Unauthenticated, wire.ReasonSessionRevoked)
	if err := w.Logout(context.Background(), actor); err != nil {
		t.Errorf("again: %v", err)
	}
}

func TestARevocationThatNobodyToldIsSeenWithinFiveSeconds(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	token := w.login("kim").Access
	actor := w.actor(token)
	if _, err := w.db.EndSession(context.Background(), actor.SessionUUID, "another node", 1); err != nil {
		t.Fatal(err)
	}
	w.pass(5 * time.Second)
	_, err := w.Authenticate(context.Background(), token)
	refused(t, err, wire.Unauthenticated, wire.ReasonSessionRevoked)
}

func TestARevocationByTheBusIsSeenAtOnceAndForGood(t *testing.T) {
	w := newWorld(t)
	w.member("kim")
	token := w.login("kim").Access
	w.Heard(bus.Event{Revoked: []string{w.actor(token).SessionUUID}})
	for range 3 {
		_, err := w.Authenticate(context.Background(), token)
		refused(t, err, wire.Unauthenticated, wire.ReasonSessionRevoked)
		w.pass(7 * time.Second) // the database says otherwise; a session that was revoked does not come back
	}
}
