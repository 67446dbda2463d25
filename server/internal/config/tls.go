package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
)

// TLS groups the commands about an own authority (CA).
type TLS struct {
	Init  TLSInit  `cmd:"" help:"Make an own authority (CA), for the apps to trust, and a certificate of it for this server."`
	Renew TLSRenew `cmd:"" help:"Make a new certificate by the authority that tls init made. A server that runs takes it by itself."`
}

// TLSNames are what a certificate is for, and where it is.
type TLSNames struct {
	Dir   string   `required:"" placeholder:"DIR" help:"Folder of the files: tls.crt and tls.key for the server, ca.pem for the apps."`
	CAKey string   `name:"ca-key" placeholder:"FILE" help:"The authority's encrypted key. Without it ca.key.age in the folder."`
	Hosts []string `name:"host" placeholder:"NAME,…" help:"Name of the server as apps will use it. Can be given several times."`
	IPs   []net.IP `name:"ip" placeholder:"ADDRESS,…" help:"Address of the server, if apps will use that. Can be given several times."`
	Days  int      `default:"397" help:"Life of the server's certificate, 825 at most."`
}

// TLSInit describes a new authority.
type TLSInit struct {
	TLSNames
	Domains         []string `name:"domain" placeholder:"DOMAIN,…" help:"The authority may sign for names below this domain too, later on. Without it for the given names only."`
	CompanyName     string   `default:"Hi_Msg" help:"Name in the authority's certificate."`
	PassphraseStdin bool     `help:"Read the passphrase of the authority's key from standard input. Without it one is made and shown once."`
}

// TLSRenew describes a new certificate of an authority that is there; without a name it is for those of the old one.
type TLSRenew struct {
	TLSNames
	PassphraseStdin bool `required:"" help:"Read the passphrase of the authority's key from standard input."`
}

// ACME says where the server gets its certificate by itself (RFC 8555): step-ca, EJBCA, Let's Encrypt.
type ACME struct {
	URL       string   `name:"url" placeholder:"URL" help:"Directory of an ACME server, as https://ca.example.com/acme/acme/directory: the server's certificate is got and renewed there."`
	CA        string   `name:"ca" placeholder:"FILE" help:"Authority of the ACME server's own certificate (PEM). Without it those that the system trusts."`
	Hosts     []string `name:"host" placeholder:"NAME,…" help:"Name of this server as apps use it. Can be given several times."`
	Challenge string   `enum:"http-01,tls-alpn-01" default:"http-01" help:"How the ACME server sees that the name is ours: it asks port 80 (http-01) or port 443 (tls-alpn-01) there."`
	Listen    string   `placeholder:"ADDR" help:"Address where it is answered. Without it :80 for http-01, :443 for tls-alpn-01; main: by the server's own port."`
	Email     string   `help:"Address of the account, if the ACME server wants one."`
	KeyID     string   `name:"key-id" placeholder:"ID" help:"Account of the ACME server's to bind to, if it wants that."`
	KeyFile   string   `placeholder:"FILE" help:"Its MAC key (base64), in a file that nobody else can read."`
}

// ACMEMain stands for the server's own listener.
const ACMEMain = "main"

// Validate implements kong's check after parsing.
func (a *ACME) Validate() error {
	if a.URL == "" {
		return nil
	}
	u, err := url.Parse(a.URL)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "":
		return errors.New("--acme-url must begin with https://")
	case len(a.Hosts) == 0:
		return errors.New("--acme-url needs --acme-host")
	case (a.KeyID == "") != (a.KeyFile == ""):
		return errors.New("--acme-key-id and --acme-key-file go together")
	case a.Listen == ACMEMain && a.Challenge == "http-01":
		return errors.New("--acme-listen main is for --acme-challenge tls-alpn-01")
	case a.Listen == "" || a.Listen == ACMEMain:
		return nil
	}
	if _, _, err := net.SplitHostPort(a.Listen); err != nil {
		return fmt.Errorf("--acme-listen must be host:port or :port, not %q", a.Listen)
	}
	return nil
}
