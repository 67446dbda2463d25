package config

import (
	"errors"
	"fmt"
	"net/url"
)

// NATS says by which NATS several servers on one database hear at once of each other's events. What it holds may be a secret:
// no error repeats an address.
type NATS struct {
	URLs  []string `name:"nats" placeholder:"URL,…" help:"Several servers on one database: NATS, by which they hear of each other's messages at once, as tls://host:4222. Several addresses of one cluster are divided by commas."`
	Creds string   `name:"nats-creds" placeholder:"FILE" help:"Credentials for NATS (a .creds file). Without it those in the address, if any."`
	CA    string   `name:"nats-ca" placeholder:"FILE" help:"Authority of the certificates of NATS (PEM). Without it those that the system trusts."`
	Cert  string   `name:"nats-cert" placeholder:"FILE" help:"This server's own certificate for NATS (PEM), if it asks for one."`
	Key   string   `name:"nats-key" placeholder:"FILE" help:"Key of that certificate (PEM)."`
}

// maxNATS is how many addresses of a cluster are taken.
const maxNATS = 32

// Validate implements kong's check after parsing.
func (n *NATS) Validate() error {
	switch {
	case (n.Cert == "") != (n.Key == ""):
		return errors.New("--nats-cert and --nats-key go together")
	case len(n.URLs) == 0 && n.Creds+n.CA+n.Cert != "":
		return errors.New("--nats-creds, --nats-ca and --nats-cert need --nats")
	case len(n.URLs) > maxNATS:
		return fmt.Errorf("--nats takes at most %d addresses", maxNATS)
	}
	for _, address := range n.URLs {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "nats" && u.Scheme != "tls" || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" {
			return errors.New("--nats must be nats://host:port or tls://host:port")
		}
	}
	return nil
}

// validateNodes checks what several servers need besides NATS.
func (s *Serve) validateNodes() error {
	if err := s.NATS.Validate(); err != nil || len(s.NATS.URLs) == 0 {
		return err
	}
	switch {
	case s.Database == "":
		return errors.New("--nats is for several servers on one database and needs --database mysql://…: SQLite is a file of one server")
	case s.Files == "":
		return errors.New("--nats needs --files, s3://… or a directory that all servers share: files that are sent by one server must be there for the others")
	case s.ACME.URL != "":
		return errors.New("--nats and --acme-url exclude each other: the authority's question may reach another server; use --tls-cert, or the load balancer's certificate")
	}
	return nil
}
