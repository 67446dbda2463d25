package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"himsg/server/internal/app"
	"himsg/server/internal/cert"
	"himsg/server/internal/config"
)

// request is what both commands ask for.
func request(in config.TLSNames) cert.Request {
	return cert.Request{Dir: in.Dir, CAKeyFile: in.CAKey, Hosts: in.Hosts, IPs: in.IPs, Days: in.Days, Now: app.SystemClock}
}

// asSettings marks what is wrong with the request as what is wrong with the settings.
func asSettings(err error) error {
	if errors.Is(err, cert.ErrRequest) {
		return fmt.Errorf("%w: %w", config.ErrSettings, err)
	}
	return err
}

func tlsInit(_ context.Context, c *config.CLI, t terminal) (err error) {
	in := c.TLS.Init
	r := request(in.TLSNames)
	r.Domains, r.Company, r.Passphrase = in.Domains, in.CompanyName, rand.Text()
	if in.PassphraseStdin {
		if r.Passphrase, err = readPassword(t.in); err != nil {
			return err
		}
	}
	made, err := cert.Init(r)
	if err != nil {
		return asSettings(err)
	}
	fmt.Fprintf(t.out, initText, strings.Join(made.Names, ", "), made.Until.Format(time.DateOnly), made.AuthorityUntil.Format(time.DateOnly),
		absolute(made.CertFile), absolute(made.KeyFile), absolute(made.CAFile), absolute(made.CAKeyFile), in.Dir)
	if !in.PassphraseStdin {
		fmt.Fprintf(t.out, "\npassphrase of the authority's key: %s (it is shown only this once)\n", r.Passphrase)
	}
	return nil
}

const initText = `certificate for %s until %s, by an authority until %s

next:
1. in the server's settings, and then start it again:
     tls-cert = '%s'
     tls-key = '%s'
   Both must be readable for the server's user, and the key for nobody else.
2. %s goes to every PC: CA_FILE of the app's MSI, or ca_file of its policy. It is no secret.
3. move %s to a place that is not this machine, and keep a copy. Who has it and its passphrase can pass for your
   server; without them there is no renewal. Before the certificate ends: himsg-server tls renew --dir %s --passphrase-stdin
`

func tlsRenew(_ context.Context, c *config.CLI, t terminal) (err error) {
	r := request(c.TLS.Renew.TLSNames)
	if r.Passphrase, err = readPassword(t.in); err != nil {
		return err
	}
	made, err := cert.Renew(r)
	if err != nil {
		return asSettings(err)
	}
	fmt.Fprintf(t.out, "certificate for %s until %s; a server that runs takes it within a minute\n", strings.Join(made.Names, ", "),
		made.Until.Format(time.DateOnly))
	if made.Until.Equal(made.AuthorityUntil) {
		fmt.Fprintf(t.err, "the authority itself ends then: make a new one with tls init in an empty folder, and give the apps both\n")
	}
	return nil
}

// absolute is a path as settings want it.
func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}
