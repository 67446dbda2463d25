package cert

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"filippo.io/age"
)

// The files of an own authority and the server's certificate, in one folder. The authority's key is needed for a renewal only, and is
// encrypted with a passphrase: it can be kept anywhere.
const (
	CAFile      = "ca.pem"     // for the apps' policy (ca_file)
	CAKeyFile   = "ca.key.age" // PEM, encrypted with age and a passphrase
	ServerCert  = "tls.crt"
	ServerKey   = "tls.key"
	blockCert   = "CERTIFICATE"
	blockKey    = "PRIVATE KEY"
	authorityIs = 10 * 365 * 24 * time.Hour // its life
	early       = time.Hour                 // certificates begin so much before they are made, for clocks that are behind
	passphrases = 18                        // age's work factor: about a second for each guess
)

// MinPassphrase is the fewest characters of a passphrase.
const MinPassphrase = 12

// MaxDays is the longest life of a server's certificate: more than this the systems of some devices refuse.
const MaxDays = 825

// Request says what certificate is wanted.
type Request struct {
	Dir        string
	CAKeyFile  string // "": CAKeyFile in Dir
	Hosts      []string
	IPs        []net.IP
	Domains    []string // that the authority may sign for besides Hosts, with all that is below them
	Company    string
	Days       int // of the server's certificate
	Passphrase string
	Now        func() time.Time

	workFactor int // of the passphrase, for tests; 0: passphrases
}

// Issued is what was made.
type Issued struct {
	CAFile, CAKeyFile, CertFile, KeyFile string
	Names                                []string
	Until                                time.Time // of the server's certificate
	AuthorityUntil                       time.Time
}

// ErrRequest marks a request that can't be met; the text says why in one sentence.
var ErrRequest = errors.New("certificate")

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRequest, fmt.Sprintf(format, args...))
}

var hostName = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)

// IsHostName says whether a text is a name that a certificate can be for. Korean names are written as their xn--….
func IsHostName(name string) bool {
	return len(name) <= 253 && hostName.MatchString(name) && net.ParseIP(name) == nil
}

func (r *Request) check() error {
	for _, name := range append(append([]string(nil), r.Hosts...), r.Domains...) {
		if !IsHostName(name) {
			return refuse("%q is not a host name; letters, digits and -, an address goes to --ip", name)
		}
	}
	for _, ip := range r.IPs {
		if ip == nil || ip.IsUnspecified() || ip.IsMulticast() {
			return refuse("%v is not the address of a server", ip)
		}
	}
	switch {
	case r.Days < 1 || r.Days > MaxDays:
		return refuse("--days must be 1 to %d", MaxDays)
	case len([]rune(r.Passphrase)) < MinPassphrase:
		return refuse("a passphrase of at least %d characters is needed", MinPassphrase)
	}
	return nil
}

func (r *Request) issued() Issued {
	key := r.CAKeyFile
	if key == "" {
		key = filepath.Join(r.Dir, CAKeyFile)
	}
	return Issued{
		CAFile: filepath.Join(r.Dir, CAFile), CAKeyFile: key,
		CertFile: filepath.Join(r.Dir, ServerCert), KeyFile: filepath.Join(r.Dir, ServerKey),
	}
}

// authority is a certificate that signs others, with its key.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// Init makes an authority and a certificate of it for a server, in an empty place: it writes nothing over. The authority can sign for
// the given names, addresses and domains only, so that its key, if it were stolen, would not open everything else.
func Init(r Request) (Issued, error) {
	if err := r.check(); err != nil {
		return Issued{}, err
	}
	if len(r.Hosts)+len(r.IPs) == 0 {
		return Issued{}, refuse("name the server as people's apps will: --host NAME or --ip ADDRESS")
	}
	made := r.issued()
	for _, path := range []string{made.CAFile, made.CAKeyFile, made.CertFile, made.KeyFile} {
		if _, err := os.Lstat(path); err == nil {
			return Issued{}, refuse("%s is there already and is not written over; himsg-server tls renew makes a new certificate", path)
		}
	}
	if err := os.MkdirAll(r.Dir, 0o700); err != nil {
		return Issued{}, fmt.Errorf("make the folder: %w", err)
	}
	ca, err := r.newAuthority()
	if err != nil {
		return Issued{}, err
	}
	sealed, err := r.seal(ca.key)
	if err != nil {
		return Issued{}, err
	}
	// The key first: a certificate of an authority whose key is lost would be of no use.
	if err := write(made.CAKeyFile, sealed, 0o600); err != nil {
		return Issued{}, err
	}
	if err := write(made.CAFile, encode(blockCert, ca.cert.Raw), 0o644); err != nil {
		return Issued{}, err
	}
	err = r.issue(ca, &made)
	return made, err
}

// Renew makes a new certificate, with a new key, by the authority that Init made. Without names in the request it is for those of the
// certificate that is there. A server that runs takes it by itself.
func Renew(r Request) (Issued, error) {
	made := r.issued()
	if len(r.Hosts)+len(r.IPs) == 0 {
		old, err := Certificates(made.CertFile)
		if err != nil {
			return Issued{}, fmt.Errorf("read the names of the old certificate: %w", err)
		}
		r.Hosts, r.IPs = old[0].DNSNames, old[0].IPAddresses
	}
	if err := r.check(); err != nil {
		return Issued{}, err
	}
	ca, err := r.openAuthority(made)
	if err != nil {
		return Issued{}, err
	}
	err = r.issue(ca, &made)
	return made, err
}

func (r *Request) newAuthority() (authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, fmt.Errorf("make a key: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return authority{}, err
	}
	now := r.Now()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: r.Company + " CA"},
		NotBefore: now.Add(-early), NotAfter: now.Add(authorityIs),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	r.constrain(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return authority{}, fmt.Errorf("make the authority: %w", err)
	}
	made, err := x509.ParseCertificate(der)
	return authority{made, key}, err
}

// constrain lets an authority sign for what was named only. A kind of names of which none was named is excluded whole: RFC 5280 leaves it
// free otherwise.
func (r *Request) constrain(template *x509.Certificate) {
	template.PermittedDNSDomainsCritical = true
	template.PermittedDNSDomains = append(append([]string(nil), r.Hosts...), r.Domains...)
	if len(template.PermittedDNSDomains) == 0 {
		template.ExcludedDNSDomains = []string{""}
	}
	for _, ip := range r.IPs {
		bits := 8 * net.IPv6len
		if four := ip.To4(); four != nil {
			ip, bits = four, 8*net.IPv4len
		}
		template.PermittedIPRanges = append(template.PermittedIPRanges, &net.IPNet{IP: ip, Mask: net.CIDRMask(bits, bits)})
	}
	if len(r.IPs) == 0 {
		template.ExcludedIPRanges = []*net.IPNet{
			{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 8*net.IPv4len)},
			{IP: net.IPv6zero, Mask: net.CIDRMask(0, 8*net.IPv6len)},
		}
	}
}

// issue makes and writes the server's key and certificate.
func (r *Request) issue(ca authority, made *Issued) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return err
	}
	now := r.Now()
	until := now.Add(time.Duration(r.Days) * 24 * time.Hour)
	if until.After(ca.cert.NotAfter) {
		until = ca.cert.NotAfter
	}
	template := &x509.Certificate{
		SerialNumber: serial, DNSNames: r.Hosts, IPAddresses: r.IPs, NotBefore: now.Add(-early), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	made.Names = Names(template)
	template.Subject.CommonName = made.Names[0]
	der, err := x509.CreateCertificate(rand.Reader, template, ca.cert, key.Public(), ca.key)
	if err != nil {
		return fmt.Errorf("make the certificate: %w", err)
	}
	if err := ca.verify(der, made.Names, now); err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	// A server that looks between the two keeps the old pair: this key does not fit the old certificate.
	if err := write(made.KeyFile, encode(blockKey, keyDER), 0o600); err != nil {
		return err
	}
	if err := write(made.CertFile, encode(blockCert, der), 0o644); err != nil {
		return err
	}
	made.Until, made.AuthorityUntil = until, ca.cert.NotAfter
	return nil
}

// verify sees the new certificate as an app will.
func (a authority) verify(der []byte, names []string, now time.Time) error {
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return fmt.Errorf("make the certificate: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	for _, name := range names {
		if _, err := leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, CurrentTime: now}); err != nil {
			return refuse("the authority in %s may not sign for %s (%v): make another one in an empty folder with tls init; "+
				"the apps' ca_file can hold both", CAFile, name, err)
		}
	}
	return nil
}

// seal encrypts the authority's key.
func (r *Request) seal(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encrypt the authority's key: %w", err)
	}
	recipient, err := age.NewScryptRecipient(r.Passphrase)
	if err != nil {
		return nil, fmt.Errorf("encrypt the authority's key: %w", err)
	}
	factor := r.workFactor
	if factor == 0 {
		factor = passphrases
	}
	recipient.SetWorkFactor(factor)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err != nil {
		return nil, fmt.Errorf("encrypt the authority's key: %w", err)
	}
	_, err = w.Write(encode(blockKey, der))
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("encrypt the authority's key: %w", err)
	}
	return sealed.Bytes(), nil
}

// openAuthority reads the authority and its key.
func (r *Request) openAuthority(made Issued) (authority, error) {
	certs, err := Certificates(made.CAFile)
	if err != nil {
		return authority{}, fmt.Errorf("read the authority: %w", err)
	}
	sealed, err := readFile(made.CAKeyFile)
	if err != nil {
		return authority{}, fmt.Errorf("read the authority's key: %w", err)
	}
	identity, err := age.NewScryptIdentity(r.Passphrase)
	if err != nil {
		return authority{}, fmt.Errorf("read the authority's key: %w", err)
	}
	plain, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		return authority{}, refuse("the passphrase does not open %s, or it is damaged", made.CAKeyFile)
	}
	text, err := io.ReadAll(io.LimitReader(plain, maxFile))
	if err != nil {
		return authority{}, fmt.Errorf("read the authority's key: %w", err)
	}
	pair, err := parsePair(encode(blockCert, certs[0].Raw), text)
	if err != nil {
		return authority{}, refuse("%s and %s don't belong together: %v", made.CAFile, made.CAKeyFile, err)
	}
	signer, ok := pair.PrivateKey.(crypto.Signer)
	if !ok || !certs[0].IsCA {
		return authority{}, refuse("%s is not an authority", made.CAFile)
	}
	if err := inTime(certs[0], r.Now()); err != nil {
		return authority{}, refuse("of the authority: %v", err)
	}
	return authority{certs[0], signer}, nil
}

func newSerial() (*big.Int, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("make a serial number: %w", err)
	}
	return serial.Add(serial, big.NewInt(1)), nil
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
