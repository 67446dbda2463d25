// Package ldaptest runs a real LDAP server for tests: Debian's slapd, with its own configuration, data and certificate.
package ldaptest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// What is in every server.
const (
	Base         = "dc=himsg,dc=test"
	ReaderDN     = "cn=reader," + Base // may read all
	ReaderSecret = "reader-secret"
	Password     = "correct horse" // everybody's

	rootDN     = "cn=root," + Base
	rootSecret = "root-secret"
)

// Server is an OpenLDAP server of the test's own.
type Server struct {
	Plain, Secure string // addresses, host:port
	CAFile        string // PEM
}

// config: what is between the braces of fmt. The reader may read all; nobody else may read anything, but prove a Password.
const config = `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile %[1]s/ca.pem
TLSCertificateFile %[1]s/cert.pem
TLSCertificateKeyFile %[1]s/key.pem
database mdb
maxsize 268435456
suffix "` + Base + `"
rootdn "` + rootDN + `"
rootpw ` + rootSecret + `
directory %[1]s/db
%[2]s
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="` + ReaderDN + `" read by * none
`

// Start runs slapd with the entries of ldif until the test ends. limits goes into its configuration.
func Start(t testing.TB, ldif, limits string) Server {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	certificate(t, dir)
	conf := filepath.Join(dir, "slapd.conf")
	write(t, conf, fmt.Sprintf(config, dir, limits))
	write(t, filepath.Join(dir, "people.ldif"), frame+ldif)
	add := exec.CommandContext(t.Context(), "/usr/sbin/slapadd", "-q", "-f", conf, "-l", filepath.Join(dir, "people.ldif")) //nolint:gosec // the test's own files
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("slapadd: %v\n%s", err, out)
	}
	s := Server{Plain: freeAddress(t), Secure: freeAddress(t), CAFile: filepath.Join(dir, "ca.pem")}
	listen := "ldap://" + s.Plain + " ldaps://" + s.Secure
	//nolint:gosec // the test's own files
	run := exec.CommandContext(context.WithoutCancel(t.Context()), "/usr/sbin/slapd", "-d", "0", "-f", conf, "-h", listen)
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = run.Process.Kill()
		_ = run.Wait() // killed: it has nothing else to say
	})
	waitFor(t, s.Plain)
	waitFor(t, s.Secure)
	return s
}

const frame = `dn: ` + Base + `
objectClass: dcObject
objectClass: organization
o: himsg
dc: himsg

dn: ` + ReaderDN + `
objectClass: person
cn: reader
sn: reader
userPassword: ` + ReaderSecret + `

`

// Entry writes one person. more are lines of LDIF.
func Entry(uid, ou string, more ...string) string {
	dn := "uid=" + uid + ","
	if ou != "" {
		dn += ou + ","
	}
	return "dn: " + dn + Base + "\nobjectClass: inetOrgPerson\nuid: " + uid + "\nsn: " + uid + "\nuserPassword: " + Password +
		"\n" + strings.Join(more, "\n") + "\n\n"
}

// Unit writes an organizational unit.
func Unit(rdns string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(rdns, "ou="), ",")
	return "dn: " + rdns + "," + Base + "\nobjectClass: organizationalUnit\nou: " + name + "\n\n"
}

// Group writes a group.
func Group(cn string, members ...string) string {
	s := "dn: cn=" + cn + "," + Base + "\nobjectClass: groupOfNames\ncn: " + cn + "\n"
	for _, m := range members {
		s += "member: " + m + "," + Base + "\n"
	}
	return s + "\n"
}

// Change replaces an attribute of an entry; no values: it goes.
func (s Server) Change(t testing.TB, dn, attribute string, values ...string) {
	t.Helper()
	c, err := ldap.DialURL("ldap://" + s.Plain)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Bind(rootDN, rootSecret); err != nil {
		t.Fatal(err)
	}
	r := ldap.NewModifyRequest(dn+","+Base, nil)
	r.Replace(attribute, values)
	if err := c.Modify(r); err != nil {
		t.Fatal(err)
	}
}

// Remove deletes an entry.
func (s Server) Remove(t testing.TB, dn string) {
	t.Helper()
	c, err := ldap.DialURL("ldap://" + s.Plain)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Bind(rootDN, rootSecret); err != nil {
		t.Fatal(err)
	}
	if err := c.Del(ldap.NewDelRequest(dn+","+Base, nil)); err != nil {
		t.Fatal(err)
	}
}

// certificate makes an authority and a certificate for 127.0.0.1.
func certificate(t testing.TB, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Unix(0, 0),
		NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, filepath.Join(dir, "ca.pem"), cert)
	write(t, filepath.Join(dir, "cert.pem"), cert)
	write(t, filepath.Join(dir, "key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})))
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func waitFor(t testing.TB, address string) {
	t.Helper()
	for range 500 {
		c, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", address)
		if err == nil {
			_ = c.Close()
			return
		}
		time.Sleep(10 * time.Millisecond) // a process that starts has no other way to tell
	}
	t.Fatalf("nobody listens at %s", address)
}
