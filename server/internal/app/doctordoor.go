package app

import (
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"

	"himsg/server/internal/backup"
	"himsg/server/internal/cert"
	"himsg/server/internal/config"
	"himsg/server/internal/ops"
)

const (
	fewFiles    = 8192 // each person takes a socket or two
	askTime     = 3 * time.Second
	weakRSA     = 2048 // bits
	backupIsOld = 3 * 24 * time.Hour
)

func (x examination) listen(ctx context.Context) []ops.Finding {
	addresses := []string{x.c.Listen, x.c.MetricsListen}
	if x.c.ACME.URL != "" && answersACME(x.c.Serve) != config.ACMEMain {
		addresses = append(addresses, answersACME(x.c.Serve))
	}
	var found []ops.Finding
	for i, address := range addresses {
		if address == "" {
			continue
		}
		var lc net.ListenConfig
		listener, err := lc.Listen(ctx, "tcp", address)
		switch {
		case err == nil:
			found = append(found, ops.OK("%s is free", address))
			_ = listener.Close() // it was only a try
		case i == 0 && x.answers(ctx):
			found = append(found, ops.OK("%s: a Hi_Msg server answers", address))
		case os.IsPermission(err):
			found = append(found, ops.Bad("%v: ports below 1024 need root or CAP_NET_BIND_SERVICE, which the service's unit has", err))
		default:
			found = append(found, ops.Warn("%v: another program holds it, if no Hi_Msg server runs (ss -ltnp shows which)", err))
		}
	}
	return found
}

// answers says whether a server of ours is at the main address.
func (x examination) answers(ctx context.Context) bool {
	host, port, err := net.SplitHostPort(x.c.Listen)
	if err != nil {
		return false
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http://"
	if x.c.TLSCert != "" || x.c.ACME.URL != "" {
		scheme = "https://"
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+net.JoinHostPort(host, port)+"/healthz", http.NoBody)
	if err != nil {
		return false
	}
	// Who it is does not matter here, and nothing is said to it: the certificate is looked at by itself.
	blind := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // as said
	defer blind.CloseIdleConnections()
	answer, err := blind.RoundTrip(ask)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

func (x examination) tls(context.Context) []ops.Finding {
	certFile, keyFile := x.c.TLSCert, x.c.TLSKey
	if x.c.ACME.URL != "" {
		certFile = cert.PairFile(tlsDir(x.c.Store))
		keyFile = certFile
		if _, err := os.Stat(certFile); os.IsNotExist(err) {
			return one(ops.Warn("no certificate yet: the server gets one when it starts"))
		}
	}
	if certFile == "" {
		return one(ops.Warn("no certificate: passwords and messages cross the network as they are; himsg-server tls init makes one"))
	}
	pair, err := cert.Load(certFile, keyFile)
	if err != nil {
		return one(ops.Bad("%v", err))
	}
	found := one(lifeOf(pair.Leaf))
	found = append(found, x.namesOf(pair.Leaf)...)
	found = append(found, chainOf(pair, SystemClock())...)
	if info, err := os.Stat(keyFile); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 {
		found = append(found, ops.Warn("everybody on this machine may read %s (mode %v); make it 0600", keyFile, info.Mode().Perm()))
	}
	return found
}

func lifeOf(leaf *x509.Certificate) ops.Finding {
	now, ends := SystemClock(), leaf.NotAfter
	switch {
	case now.Before(leaf.NotBefore):
		return ops.Bad("the certificate holds only from %s: is this clock right?", leaf.NotBefore.Format(time.DateOnly))
	case now.After(ends):
		return ops.Bad("the certificate ended on %s: renew it; the server takes the new files without a restart", ends.Format(time.DateOnly))
	case now.Add(cert.SoonFor(leaf)).After(ends):
		return ops.Warn("the certificate ends on %s: renew it; the server takes the new files without a restart", ends.Format(time.DateOnly))
	}
	return ops.OK("the certificate holds until %s, the key fits", ends.Format(time.DateOnly))
}

func (x examination) namesOf(leaf *x509.Certificate) []ops.Finding {
	names := cert.Names(leaf)
	if len(names) == 0 {
		return one(ops.Bad("the certificate names no host (subjectAltName); apps don't look at its common name: get one that does"))
	}
	var found []ops.Finding
	for _, name := range x.c.Names {
		if err := leaf.VerifyHostname(name); err != nil {
			found = append(found, ops.Bad("the certificate is for %s, not for %s: apps that use this address refuse it", strings.Join(names, ", "), name))
		}
	}
	if len(found) == 0 {
		found = one(ops.OK("it is for %s", strings.Join(names, ", ")))
	}
	return found
}

// chainOf sees the chain as an app will that trusts what this system trusts, and one that has been given the authority.
func chainOf(pair *tls.Certificate, now time.Time) []ops.Finding {
	leaf := pair.Leaf
	var found []ops.Finding
	if key, ok := leaf.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < weakRSA {
		found = append(found, ops.Bad("its RSA key has only %d bits: apps refuse that; make one of %d or more", key.N.BitLen(), weakRSA))
	}
	between := x509.NewCertPool()
	top := leaf
	for _, der := range pair.Certificate[1:] {
		one, err := x509.ParseCertificate(der)
		if err != nil {
			return append(found, ops.Bad("a certificate of the chain is broken: %v", err))
		}
		if top.CheckSignatureFrom(one) != nil {
			return append(found, ops.Bad("the chain is not in order: %q did not sign %q; first the server's, then who signed it, and so on",
				one.Subject, top.Subject))
		}
		between.AddCert(one)
		top = one
	}
	if _, err := leaf.Verify(x509.VerifyOptions{Intermediates: between, CurrentTime: within(leaf, now)}); err == nil {
		return append(found, ops.OK("its authority is one that this system trusts"))
	}
	return append(found, ops.OK("its authority is %q, which this system does not know: apps need it by CA_FILE (policy ca_file)", top.Issuer))
}

// within is a time in a certificate's life, so that its chain is judged apart from that.
func within(leaf *x509.Certificate, now time.Time) time.Time {
	if now.After(leaf.NotAfter) {
		return leaf.NotAfter
	}
	return now
}

func (x examination) limits(context.Context) []ops.Finding {
	limit, known, err := ops.OpenFiles()
	switch {
	case err != nil:
		return one(ops.Warn("%v", err))
	case !known:
		return nil
	case limit < fewFiles:
		return one(ops.Warn("only %d files and connections may be open: set LimitNOFILE=65536 in the unit (ulimit -n by hand)", limit))
	}
	return one(ops.OK("%d files and connections may be open", limit))
}

// backup looks how old the newest backup in the folder of backups is.
func (x examination) backup(context.Context) []ops.Finding {
	if x.c.BackupDir == "" {
		return one(ops.Warn("no --backup-dir: whether there are backups is not known; himsg-server backup makes them"))
	}
	names, err := backup.List(x.c.BackupDir)
	if err != nil {
		return one(ops.Bad("%v: may the server's user read it?", err))
	}
	if len(names) == 0 {
		return one(ops.Bad("there is no backup in %s: systemctl enable --now himsg-server-backup.timer makes one each night", x.c.BackupDir))
	}
	newest := names[len(names)-1]
	at, err := backup.TimeOf(newest)
	if err != nil {
		return one(ops.Warn("%v", err))
	}
	age := SystemClock().Sub(at)
	if age > backupIsOld {
		return one(ops.Bad("the newest backup, %s, is %d days old: see why the job does not run (systemctl status himsg-server-backup)",
			newest, int(age.Hours()/24)))
	}
	found := one(ops.OK("%d backups, the newest %s", len(names), newest))
	if free, total, err := ops.FreeDisk(x.c.BackupDir); err == nil && free < littleDisk {
		found = append(found, ops.Warn("only %d MiB are free of %d for backups: make room, or keep fewer (backup-keep)", free>>20, total>>20))
	}
	return found
}
