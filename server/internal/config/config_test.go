package config_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/config"
)

func TestAFlagWinsOverEnvironmentAndEnvironmentOverFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "himsg.toml")
	write(t, path, "data = \"from-file\"\ncompany-name = \"파일\"\nlisten = \"127.0.0.1:1\"\n")
	t.Setenv("HIMSG_COMPANY_NAME", "환경")
	t.Setenv("HIMSG_LISTEN", "127.0.0.1:2")

	p := parse(t, "serve", "--config", path, "--listen", "127.0.0.1:3")
	got := p.CLI.Serve
	if p.Command != "serve" || got.Data != "from-file" || got.CompanyName != "환경" || got.Listen != "127.0.0.1:3" {
		t.Fatalf("got command %q, %+v", p.Command, got)
	}
}

func TestTheFileCanBeNamedByTheEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "himsg.toml")
	write(t, path, "data = \"d\"\nmessages = 7\n")
	t.Setenv("HIMSG_CONFIG", path)
	if got := parse(t, "demo").CLI.Demo; got.Data != "d" || got.Messages != 7 || got.People != 60 {
		t.Fatalf("got %+v", got)
	}
}

func TestMapsOfFields(t *testing.T) {
	path := filepath.Join(t.TempDir(), "himsg.toml")
	write(t, path, "data = \"d\"\nldap-url = \"ldaps://x\"\nldap-base = \"dc=x\"\nldap-attributes = \"name=displayName;grade=extensionAttribute2\"\n"+
		"oidc-scopes = \"profile,roles\"\n")
	got := parse(t, "serve", "--config", path).CLI.Serve
	if got.LDAP.Attributes["grade"] != "extensionAttribute2" || len(got.LDAP.Attributes) != 2 || len(got.OIDC.Scopes) != 2 || got.LDAP.Every != time.Minute {
		t.Fatalf("got %+v", got)
	}
}

func TestDefaults(t *testing.T) {
	got := parse(t, "serve", "--data", "d").CLI.Serve
	if got.Listen != ":5050" || got.Database != "" || got.RateLimits != "on" || got.LogFormat != "text" {
		t.Fatalf("got %+v", got)
	}
}

func TestWhatIsRefused(t *testing.T) {
	dir := t.TempDir()
	unknown := filepath.Join(dir, "unknown.toml")
	write(t, unknown, "data = \"d\"\nlisten_on = \":1\"\n")
	broken := filepath.Join(dir, "broken.toml")
	write(t, broken, "data = \n")
	table := filepath.Join(dir, "table.toml")
	write(t, table, "[data]\nx = 1\n")
	secret := "mysqlx://himsg:geheim@tcp(db)/x"

	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no data directory":        {[]string{"serve"}, "--data"},
		"unknown flag":             {[]string{"serve", "--data", "d", "--kafka", "x"}, "--kafka"},
		"NATS with SQLite":         {[]string{"serve", "--data", "d", "--nats", "nats://x:geheim@y"}, "SQLite"},
		"NATS, files of one node":  {[]string{"serve", "--data", "d", "--nats", "nats://x", "--database", "mysql://x/y"}, "--files"},
		"NATS of another scheme":   {[]string{"serve", "--data", "d", "--nats", "http://x:geheim@y"}, "nats://host"},
		"NATS, half a certificate": {[]string{"serve", "--data", "d", "--nats", "tls://x", "--nats-cert", "c"}, "--nats-key"},
		"credentials for no NATS":  {[]string{"serve", "--data", "d", "--nats-creds", "c"}, "--nats"},
		"NATS and ACME": {[]string{
			"serve", "--data", "d", "--nats", "nats://x", "--database", "mysql://x/y", "--files", "/f", "--acme-url", "https://x", "--acme-host", "h",
		}, "--acme-url"},
		"unknown command":          {[]string{"bake"}, "bake"},
		"unknown key":              {[]string{"serve", "--config", unknown}, `unknown key "listen_on"`},
		"broken file":              {[]string{"serve", "--config", broken}, "line 1"},
		"table":                    {[]string{"serve", "--config", table}, `"data" must be`},
		"file is missing":          {[]string{"serve", "--config", filepath.Join(dir, "none.toml")}, "none.toml"},
		"cert without key":         {[]string{"serve", "--data", "d", "--tls-cert", "c"}, "--tls-key"},
		"listen without port":      {[]string{"serve", "--data", "d", "--listen", "localhost"}, "--listen"},
		"no limits to the world":   {[]string{"serve", "--data", "d", "--rate-limits", "off"}, "loopback"},
		"no limits to 0.0.0.0":     {[]string{"serve", "--data", "d", "--listen", "0.0.0.0:1", "--rate-limits", "off"}, "loopback"},
		"unknown kind of database": {[]string{"serve", "--data", "d", "--database", secret}, "mysql://"},
		"too many acts":            {[]string{"demo", "--data", "d", "--acts", "200001"}, "--acts"},
		"too many people":          {[]string{"demo", "--data", "d", "--people", "10001"}, "--people"},
		"LDAP without base":        {[]string{"serve", "--data", "d", "--ldap-url", "ldaps://x"}, "--ldap-base"},
		"LDAP reader, no password": {[]string{"serve", "--data", "d", "--ldap-url", "ldaps://x", "--ldap-base", "dc=x", "--ldap-bind-dn", "cn=x"}, "--ldap-password-file"},
		"LDAP all the time":        {[]string{"serve", "--data", "d", "--ldap-url", "ldaps://x", "--ldap-base", "dc=x", "--ldap-every", "1s"}, "--ldap-every"},
		"unknown LDAP schema":      {[]string{"serve", "--data", "d", "--ldap-schema", "novell"}, "--ldap-schema"},
		"OIDC without client":      {[]string{"serve", "--data", "d", "--oidc-issuer", "https://x"}, "--oidc-client-id"},
		"unknown log format":       {[]string{"serve", "--data", "d", "--log-format", "xml"}, "--log-format"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse(c.args, io.Discard, io.Discard)
			if !errors.Is(err, config.ErrSettings) || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v, want a settings error with %q", err, c.says)
			}
			if strings.Contains(err.Error(), "geheim") {
				t.Fatalf("the error shows the password: %v", err)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("the error is longer than one line: %v", err)
			}
		})
	}
}

func TestRateLimitsOffOnLoopback(t *testing.T) {
	for _, listen := range []string{"127.0.0.1:0", "localhost:5050", "[::1]:0"} {
		if got := parse(t, "serve", "--data", "d", "--rate-limits", "off", "--listen", listen); got.CLI.Serve.RateLimits != "off" {
			t.Fatalf("%s: got %q", listen, got.CLI.Serve.RateLimits)
		}
	}
}

func TestHelpIsPrintedAndNothingChosen(t *testing.T) {
	var out strings.Builder
	p, err := config.Parse([]string{"serve", "--help"}, &out, io.Discard)
	if err != nil || p.Command != "" || !strings.Contains(out.String(), "--database") {
		t.Fatalf("got %v, %v, %q", p, err, out.String())
	}
}

func parse(t *testing.T, args ...string) *config.Parsed {
	t.Helper()
	p, err := config.Parse(args, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
