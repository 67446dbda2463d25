package cert

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
)

// The ways to prove to an ACME server that a name is ours (RFC 8555 section 8.3, RFC 8737).
const (
	HTTP01    = "http-01"     // it asks port 80
	TLSALPN01 = "tls-alpn-01" // it asks port 443
)

const (
	accountFile = "acme-account.key"
	pairFile    = "acme.pem" // key and chain in one file, so that a renewal is one rename

	obtainTime  = 5 * time.Minute // bounds one attempt
	requestTime = 30 * time.Second
	firstPause  = time.Minute // after an attempt that failed; doubled up to lastPause
	lastPause   = time.Hour
)

// ACMEOptions say where a certificate is got, and for what.
type ACMEOptions struct {
	URL       string // of the ACME server's directory
	CAFile    string // authorities of the ACME server's own certificate (PEM); "": the system's
	Hosts     []string
	Email     string // the account's, may be empty
	Challenge string // HTTP01 or TLSALPN01
	KeyID     string // of an account that the ACME server wants to be bound to, and its MAC key; may be empty
	MACKey    []byte
	Dir       string // for the account's key and the certificate; made if it is missing
	Done      func() // called when there is a new certificate
	Now       func() time.Time
	Logger    *slog.Logger
}

// ACME gets a certificate and renews it. Its challenges are answered by ServeHTTP or Challenge.
type ACME struct {
	o    ACMEOptions
	http *http.Client

	mu     sync.Mutex
	tokens map[string]string           // what to answer at a path
	certs  map[string]*tls.Certificate // what to show for a name
	fault  error
}

// NewACME reads the authorities and makes the folder. It does not speak to the ACME server yet.
func NewACME(o ACMEOptions) (*ACME, error) {
	secure := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.CAFile != "" {
		all, err := Certificates(o.CAFile)
		if err != nil {
			return nil, fmt.Errorf("read the ACME server's authority: %w", err)
		}
		secure.RootCAs = x509.NewCertPool()
		for _, one := range all {
			secure.RootCAs.AddCert(one)
		}
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the certificate's folder: %w", err)
	}
	return &ACME{
		o: o, tokens: map[string]string{}, certs: map[string]*tls.Certificate{},
		http: &http.Client{Timeout: requestTime, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: secure}},
	}, nil
}

// PairFile is where the certificate and its key are kept, in the folder of the options.
func PairFile(dir string) string { return filepath.Join(dir, pairFile) }

// Fault is why the last attempt failed; nil after one that did not.
func (a *ACME) Fault() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.fault
}

// ServeHTTP answers challenges of http-01, and nothing else.
func (a *ACME) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	answer, ok := a.tokens[r.URL.Path]
	a.mu.Unlock()
	if !ok || r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write([]byte(answer)) // the ACME server asks again
}

// ALPN is the protocol that an ACME server asks for when it looks at a challenge of tls-alpn-01.
const ALPN = acme.ALPNProto

// Challenge returns the certificate for an ACME server that looks at a challenge of tls-alpn-01; ok is false for everybody else.
func (a *ACME) Challenge(hello *tls.ClientHelloInfo) (shown *tls.Certificate, ok bool, err error) {
	if len(hello.SupportedProtos) != 1 || hello.SupportedProtos[0] != ALPN {
		return nil, false, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if shown = a.certs[hello.ServerName]; shown == nil {
		return nil, true, errors.New("no challenge for this name")
	}
	return shown, true, nil
}

// Ping asks the ACME server for its directory.
func (a *ACME) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	_, err := (&acme.Client{DirectoryURL: a.o.URL, HTTPClient: a.http}).Discover(ctx)
	return err
}

// Run gets a certificate when there is none and renews it after two thirds of its life, until ctx ends. It tries again for ever, with
// longer and longer pauses.
func (a *ACME) Run(ctx context.Context) {
	defer a.http.CloseIdleConnections()
	pause := firstPause
	wait := a.due()
	for {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		err := a.Obtain(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			pause, wait = firstPause, max(a.due(), firstPause) // an ACME server's clock may be far from ours
		default:
			a.o.Logger.ErrorContext(ctx, "no certificate from the ACME server", slog.Any("error", err), slog.Duration("again_in", pause))
			wait, pause = pause, min(2*pause, lastPause)
		}
	}
}

// due is how long the certificate that is there is good enough.
func (a *ACME) due() time.Duration {
	pair, err := Load(PairFile(a.o.Dir), PairFile(a.o.Dir))
	if err != nil {
		return 0
	}
	for _, name := range a.o.Hosts {
		if pair.Leaf.VerifyHostname(name) != nil {
			return 0
		}
	}
	life := pair.Leaf.NotAfter.Sub(pair.Leaf.NotBefore)
	return max(0, pair.Leaf.NotAfter.Add(-life/3).Sub(a.o.Now()))
}

// Obtain gets a certificate now.
func (a *ACME) Obtain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, obtainTime)
	defer cancel()
	err := a.obtain(ctx)
	a.mu.Lock()
	a.fault = err
	a.mu.Unlock()
	if err == nil && a.o.Done != nil {
		a.o.Done()
	}
	return err
}

func (a *ACME) obtain(ctx context.Context) error {
	client, err := a.account(ctx)
	if err != nil {
		return err
	}
	order, err := client.AuthorizeOrder(ctx, acme.DomainIDs(a.o.Hosts...))
	if err != nil {
		return fmt.Errorf("order a certificate: %w", err)
	}
	for _, url := range order.AuthzURLs {
		if err := a.prove(ctx, client, url); err != nil {
			return err
		}
	}
	if order, err = client.WaitOrder(ctx, order.URI); err != nil {
		return fmt.Errorf("await the order: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: a.o.Hosts}, key)
	if err != nil {
		return fmt.Errorf("ask for the certificate: %w", err)
	}
	chain, _, err := client.CreateCertFromOrder(ctx, order, request, true)
	if err != nil {
		return fmt.Errorf("ask for the certificate: %w", err)
	}
	return a.keep(key, chain)
}

// account opens or makes the account, by its key.
func (a *ACME) account(ctx context.Context) (*acme.Client, error) {
	key, err := a.accountKey()
	if err != nil {
		return nil, err
	}
	client := &acme.Client{DirectoryURL: a.o.URL, HTTPClient: a.http, Key: key, UserAgent: "Hi_Msg"}
	about := &acme.Account{}
	if a.o.Email != "" {
		about.Contact = []string{"mailto:" + a.o.Email}
	}
	if a.o.KeyID != "" {
		about.ExternalAccountBinding = &acme.ExternalAccountBinding{KID: a.o.KeyID, Key: a.o.MACKey}
	}
	if _, err := client.Register(ctx, about, acme.AcceptTOS); err != nil && !errors.Is(err, acme.ErrAccountAlreadyExists) {
		return nil, fmt.Errorf("open the account: %w", err)
	}
	return client, nil
}

func (a *ACME) accountKey() (crypto.Signer, error) {
	path := filepath.Join(a.o.Dir, accountFile)
	text, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("make the account's key: %w", err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, fmt.Errorf("make the account's key: %w", err)
		}
		return key, write(path, encode(blockKey, der), 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("read the account's key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key", path)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read the account's key: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%s holds no key", path)
	}
	return signer, nil
}

// prove shows that one name is ours.
func (a *ACME) prove(ctx context.Context, client *acme.Client, url string) error {
	authz, err := client.GetAuthorization(ctx, url)
	if err != nil {
		return fmt.Errorf("ask for the challenges: %w", err)
	}
	name := authz.Identifier.Value
	if authz.Status == acme.StatusValid {
		return nil
	}
	var chosen *acme.Challenge
	for _, c := range authz.Challenges {
		if c.Type == a.o.Challenge {
			chosen = c
		}
	}
	if chosen == nil {
		return fmt.Errorf("the ACME server has no challenge %s for %s", a.o.Challenge, name)
	}
	done, err := a.answer(client, name, chosen.Token)
	if err != nil {
		return fmt.Errorf("answer the challenge of %s: %w", name, err)
	}
	defer done()
	if _, err := client.Accept(ctx, chosen); err != nil {
		return fmt.Errorf("answer the challenge of %s: %w", name, err)
	}
	if _, err := client.WaitAuthorization(ctx, url); err != nil {
		return fmt.Errorf("the ACME server did not find that %s is ours: %w", name, err)
	}
	return nil
}

// answer has the answer ready until done is called.
func (a *ACME) answer(client *acme.Client, name, token string) (done func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.o.Challenge == HTTP01 {
		path := client.HTTP01ChallengePath(token)
		a.tokens[path], err = client.HTTP01ChallengeResponse(token)
		return func() { a.mu.Lock(); delete(a.tokens, path); a.mu.Unlock() }, err
	}
	shown, err := client.TLSALPN01ChallengeCert(token, name)
	a.certs[name] = &shown
	return func() { a.mu.Lock(); delete(a.certs, name); a.mu.Unlock() }, err
}

// keep writes the certificate, if it is what was asked for.
func (a *ACME) keep(key *ecdsa.PrivateKey, chain [][]byte) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("keep the certificate: %w", err)
	}
	text := encode(blockKey, der)
	for _, one := range chain {
		text = append(text, encode(blockCert, one)...)
	}
	pair, err := parsePair(text, text)
	if err != nil {
		return fmt.Errorf("the ACME server gave a certificate that is none: %w", err)
	}
	for _, name := range a.o.Hosts {
		if err := pair.Leaf.VerifyHostname(name); err != nil {
			return fmt.Errorf("the ACME server gave another certificate: %w", err)
		}
	}
	if err := inTime(pair.Leaf, a.o.Now()); err != nil {
		return fmt.Errorf("the ACME server gave a certificate for another time: %w", err)
	}
	return write(PairFile(a.o.Dir), text, 0o600)
}
