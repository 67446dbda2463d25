package cert

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// lookEvery is how often the files are looked at. A certificate is renewed days before it ends: half a minute more is nothing, and two
// small files cost nothing.
const lookEvery = 30 * time.Second

// warnEvery is how often the log repeats that the certificate ends soon.
const warnEvery = 24 * time.Hour

// Soon is how long before its end a certificate's holder is told.
const Soon = 30 * 24 * time.Hour

// KeeperOptions are what a Keeper needs.
type KeeperOptions struct {
	CertFile, KeyFile string // PEM; they may be one and the same file
	// Later: the files need not be there yet, since something else writes them. Until then every handshake fails.
	Later  bool
	Now    func() time.Time
	Logger *slog.Logger
}

// Keeper holds the certificate that the server shows, and takes a new one when its files change. A connection that is there stays as it
// is. What can't be used is not taken: the old certificate stays, and Status and the log say why.
type Keeper struct {
	o    KeeperOptions
	held atomic.Pointer[tls.Certificate]
	wake chan struct{}

	mu       sync.Mutex
	certPEM  []byte // what the held certificate was read from
	keyPEM   []byte
	fault    error
	faultAt  time.Time
	warnedAt time.Time
}

// Status is how the certificate is.
type Status struct {
	Held    *tls.Certificate // nil: none yet
	Fault   error            // why what is in the files now is not used; nil: it is
	FaultAt time.Time        // since when
}

// NewKeeper reads the files. That they can't be read or don't fit is an error here, since a server that starts has no older
// certificate to keep. One that has expired is taken and logged: apps say it better than a server that is not there.
func NewKeeper(o KeeperOptions) (*Keeper, error) {
	k := &Keeper{o: o, wake: make(chan struct{}, 1)}
	certPEM, keyPEM, err := k.files()
	if o.Later && errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	var pair *tls.Certificate
	if err == nil {
		pair, err = parsePair(certPEM, keyPEM)
	}
	if err != nil {
		return nil, fmt.Errorf("load the TLS certificate: %w", err)
	}
	k.held.Store(pair)
	k.certPEM, k.keyPEM = certPEM, keyPEM
	if err := inTime(pair.Leaf, o.Now()); err != nil {
		o.Logger.Error("apps refuse the TLS certificate", slog.Any("error", err))
	}
	return k, nil
}

func (k *Keeper) files() (certPEM, keyPEM []byte, err error) {
	if certPEM, err = readFile(k.o.CertFile); err == nil {
		keyPEM, err = readFile(k.o.KeyFile)
	}
	return certPEM, keyPEM, err
}

// Get is for tls.Config.GetCertificate.
func (k *Keeper) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if held := k.held.Load(); held != nil {
		return held, nil
	}
	return nil, errors.New("there is no certificate yet")
}

// Status returns how the certificate is.
func (k *Keeper) Status() Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	return Status{Held: k.held.Load(), Fault: k.fault, FaultAt: k.faultAt}
}

// Wake makes Run look at once.
func (k *Keeper) Wake() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// Run looks for a new certificate now and then, until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	for {
		k.Look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		case <-k.wake:
		}
	}
}

// Look takes a new certificate if there is one that is good.
func (k *Keeper) Look(ctx context.Context) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.o.Now()
	certPEM, keyPEM, err := k.files()
	if k.o.Later && k.held.Load() == nil && errors.Is(err, fs.ErrNotExist) {
		return
	}
	var pair *tls.Certificate
	if err == nil && (!bytes.Equal(certPEM, k.certPEM) || !bytes.Equal(keyPEM, k.keyPEM)) {
		if pair, err = parsePair(certPEM, keyPEM); err == nil {
			err = k.better(pair, now)
		}
	}
	k.note(ctx, err, now)
	if err == nil && pair != nil {
		k.certPEM, k.keyPEM = certPEM, keyPEM
		k.take(ctx, pair)
	}
	k.warn(ctx, now)
}

// better says why a new pair is not to be taken. One that is out of its time is, when the old one is as bad.
func (k *Keeper) better(pair *tls.Certificate, now time.Time) error {
	err := inTime(pair.Leaf, now)
	if held := k.held.Load(); err != nil && (held == nil || inTime(held.Leaf, now) != nil) {
		return nil
	}
	return err
}

// note keeps the fault and logs a new one.
func (k *Keeper) note(ctx context.Context, err error, now time.Time) {
	switch {
	case err == nil:
		k.fault, k.faultAt = nil, time.Time{}
		return
	case k.fault == nil:
		k.faultAt = now
	case k.fault.Error() == err.Error():
		return
	}
	k.fault = err
	k.o.Logger.ErrorContext(ctx, "the new TLS certificate is not used, the old one stays", slog.Any("error", err))
}

func (k *Keeper) take(ctx context.Context, pair *tls.Certificate) {
	old := k.held.Swap(pair)
	k.warnedAt = time.Time{}
	names := Names(pair.Leaf)
	k.o.Logger.InfoContext(ctx, "new TLS certificate", slog.Time("until", pair.Leaf.NotAfter), slog.Any("names", names))
	if old == nil {
		return
	}
	lost := slices.DeleteFunc(Names(old.Leaf), func(name string) bool {
		return slices.Contains(names, name) || pair.Leaf.VerifyHostname(name) == nil
	})
	if len(lost) > 0 {
		k.o.Logger.WarnContext(ctx, "the new TLS certificate lacks names of the old one: apps that use them will refuse it", slog.Any("names", lost))
	}
}

func (k *Keeper) warn(ctx context.Context, now time.Time) {
	held := k.held.Load()
	if held == nil || held.Leaf.NotAfter.Sub(now) > SoonFor(held.Leaf) || now.Sub(k.warnedAt) < warnEvery {
		return
	}
	k.warnedAt = now
	k.o.Logger.WarnContext(ctx, "the TLS certificate ends soon, or has ended", slog.Time("until", held.Leaf.NotAfter))
}

// SoonFor is how long before its end a certificate needs attention: Soon, or a quarter of its life if that is less.
func SoonFor(leaf *x509.Certificate) time.Duration {
	return min(Soon, leaf.NotAfter.Sub(leaf.NotBefore)/4)
}
