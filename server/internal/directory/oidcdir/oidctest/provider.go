// Package oidctest is an OpenID Connect provider for tests: a real one over HTTP, with a sign-in page that says yes. It can be
// told to lie.
package oidctest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The one client that the provider knows.
const (
	ClientID     = "himsg"
	ClientSecret = "client-secret-of-32-characters-at-least"
)

// Provider is one that runs until its test ends. Set the fields before the browser goes there.
type Provider struct {
	*httptest.Server
	CAFile string
	Claims map[string]any // of who signs in; sub and the rest that a token needs are added where they are missing
	// Change, if not nil, lies about the claims of a token that is about to be signed.
	Change func(claims map[string]any)
	// Sign, if not nil, signs instead of the provider's own key.
	Sign func(payload []byte) string

	now func() time.Time
	mu  sync.Mutex
	key *jose.JSONWebKey
	// codes that were given and not yet traded.
	codes map[string]url.Values
}

// Start runs a provider.
func Start(t testing.TB, now func() time.Time) *Provider {
	t.Helper()
	p := &Provider{now: now, codes: map[string]url.Values{}, Claims: map[string]any{}}
	p.NewKey(t, "1")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.describe)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewTLSServer(mux)
	t.Cleanup(p.Close)
	p.CAFile = filepath.Join(t.TempDir(), "issuer.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Certificate().Raw})
	if err := os.WriteFile(p.CAFile, cert, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// NewKey turns the provider's key.
func (p *Provider) NewKey(t testing.TB, id string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key = &jose.JSONWebKey{Key: key, KeyID: id, Algorithm: "ES256", Use: "sig"}
}

// Enter does what the person's browser does with an address: it goes there, signs in, and comes back with a code.
func (p *Provider) Enter(t testing.TB, address string) (code, state string) {
	t.Helper()
	c := p.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	back, err := res.Location()
	if err != nil {
		t.Fatalf("the provider answered %s", res.Status)
	}
	return back.Query().Get("code"), back.Query().Get("state")
}

func (p *Provider) describe(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"ES256"},
	})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	answer(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.key.Public()}})
}

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != ClientID || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" {
		http.Error(w, "unknown client", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	p.mu.Lock()
	p.codes[code] = q
	p.mu.Unlock()
	back := url.Values{"code": {code}, "state": {q.Get("state")}}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound) //nolint:gosec // a test's client asks for it
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	code := r.PostFormValue("code")
	q, ok := p.codes[code]
	delete(p.codes, code)
	id, secret, basic := r.BasicAuth()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || !basic || id != ClientID || secret != ClientSecret || r.PostFormValue("redirect_uri") != q.Get("redirect_uri") ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != q.Get("code_challenge") {
		answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	claims := map[string]any{
		"iss": p.URL, "aud": ClientID, "sub": "subject-1", "nonce": q.Get("nonce"), "iat": p.now().Unix(),
		"exp": p.now().Add(5 * time.Minute).Unix(),
	}
	for name, value := range p.Claims {
		claims[name] = value
	}
	if p.Change != nil {
		p.Change(claims)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sign := p.Sign
	if sign == nil {
		sign = func(payload []byte) string { return Signed(p.key, jose.ES256, payload) }
	}
	answer(w, http.StatusOK, map[string]any{
		"access_token": "nobody-uses-this", "token_type": "Bearer", "id_token": sign(payload),
	})
}

// Signed makes a token. It is empty when the key can't sign so.
func Signed(key any, algorithm jose.SignatureAlgorithm, payload []byte) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, nil)
	if err != nil {
		return ""
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return ""
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		return ""
	}
	return token
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who asked sees what is missing
}
