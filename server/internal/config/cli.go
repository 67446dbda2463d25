package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// CLI is the whole command line. Exactly one of its commands is chosen; Parse says which.
type CLI struct {
	Serve       Serve       `cmd:"" help:"Run the server until SIGTERM."`
	Admin       Admin       `cmd:"" help:"Manage administrators."`
	Demo        Demo        `cmd:"" help:"Fill an empty database with a demo company."`
	Audit       Audit       `cmd:"" help:"Look after the record of administrative acts."`
	Import      Import      `cmd:"" name:"import-people" help:"Compare a file of people (Excel or CSV) and, without --dry-run, apply it."`
	Legacy      Legacy      `cmd:"" name:"import-legacy" help:"Move an original Hi_Msg (its MySQL database and folder of uploads) into this server."`
	Backup      Backup      `cmd:"" help:"Back up the whole server while it works: database, files, keys and settings, encrypted."`
	BackupKey   BackupKey   `cmd:"" name:"backup-key" help:"Make the key pair of backups: the private key goes into a file, the public one is printed."`
	BackupCheck BackupCheck `cmd:"" name:"backup-check" help:"List the backups in a directory and read one of them to its end."`
	Restore     Restore     `cmd:"" help:"Make a server from a backup, in an empty place."`
	Release     Release     `cmd:"" help:"Hand out the app: keys, signatures, installers and updates."`
	BackupOpen  BackupOpen  `cmd:"" name:"backup-open" help:"Open the archive of a deleted person."`
	Migrate     Migrate     `cmd:"" help:"Bring the database's schema up to date and exit."`
	TLS         TLS         `cmd:"" name:"tls" help:"Make a certificate for the server with an own authority."`
	Doctor      Doctor      `cmd:"" help:"Look for what would keep the server from working well."`
	OpenAPI     OpenAPI     `cmd:"" name:"openapi" help:"Print the OpenAPI document."`
	Version     Version     `cmd:"" help:"Print the version."`

	Config kong.ConfigFlag `placeholder:"FILE" help:"TOML file with settings."`
}

// Store says where the data is. Every command that touches data takes it.
type Store struct {
	Data         string `required:"" placeholder:"DIR" help:"Directory of the data; made if it is missing."`
	Database     string `placeholder:"URL" help:"mysql://user:pass@tcp(host:3306)/database; the members of a cluster are divided by commas, as tcp(a:3306,b:3306). Without it: SQLite in the data directory. The search index is there in any case."`
	Files        string `placeholder:"URL" help:"Where the bytes of files are: a directory, or s3://key:secret@host/bucket?region=REGION. Without it: files in the data directory."`
	SecretFile   string `placeholder:"FILE" help:"The server's master secret. Without it: secret.key in the data directory, made at the first start."`
	AuditKeyFile string `placeholder:"FILE" help:"The key of the audit. Without it: audit.key in the data directory, made at the first start."`
	LogFormat    string `enum:"text,json" default:"text" help:"text or json."`
}

// Serve holds the settings of the server.
type Serve struct {
	Store
	Listen         string         `default:":5050" placeholder:"ADDR" help:"Address to listen on; port 0 picks a free one."`
	TLSCert        string         `placeholder:"FILE" help:"Certificate chain (PEM). With --tls-key the server speaks TLS only. It takes a new certificate by itself when the files change."`
	TLSKey         string         `placeholder:"FILE" help:"Key of the certificate (PEM)."`
	ACME           ACME           `embed:"" prefix:"acme-"`
	MetricsListen  string         `placeholder:"ADDR" help:"Own address for /metrics. Without it /metrics answers on the main one, to this machine only."`
	RateLimits     string         `enum:"on,off" default:"on" help:"off is for benches, and refused unless the server listens on loopback only."`
	LogFile        string         `placeholder:"FILE" help:"Where the log goes instead of standard error. At 32 MB it is put aside as FILE.1, and seven such are kept."`
	Clamd          string         `placeholder:"ADDR" help:"ClamAV's daemon, host:port or the path of its socket. Without it files are not looked at for malware."`
	CompanyName    string         `default:"Hi_Msg" help:"Name that the sign-in screen shows."`
	HookHosts      []string       `placeholder:"HOST,…" help:"The only hosts that outgoing webhooks may post to, as ci.example.com or *.example.com; these also by http:// and on this machine. Without it every host by https:// but this machine's own and link-local addresses."`
	BackupDir      string         `name:"backup-dir" placeholder:"DIR" help:"Directory of the backups that backup makes: doctor looks how old the newest is."`
	NATS           NATS           `embed:""`
	TrustedProxies []netip.Prefix `placeholder:"CIDR,…" help:"Load balancers in front of this server, as 10.0.0.5/32: they are believed when they say for whom they ask (X-Forwarded-For). Limits and delays go by the address."`
	LDAP           LDAP           `embed:"" prefix:"ldap-"`
	OIDC           OIDC           `embed:"" prefix:"oidc-"`
}

// Admin groups the commands about administrators.
type Admin struct {
	Create AdminCreate `cmd:"" help:"Create an owner: the first administrator, or one who lost the way in."`
}

// AdminCreate describes the owner to create.
type AdminCreate struct {
	Store
	Username      string `required:"" help:"Name to sign in with."`
	Name          string `required:"" help:"The person's name."`
	EmployeeID    string `required:"" name:"employee-id" help:"Employee number."`
	Email         string `help:"E-mail address."`
	PasswordStdin bool   `help:"Read the password from standard input. Without it one is generated and shown once."`
}

// Demo says how large the demo company is.
type Demo struct {
	Store
	People        int    `default:"60" help:"People, 2 to 10,000."`
	Messages      int    `default:"20000" help:"Messages, 0 to 1,000,000."`
	Acts          int    `default:"200" help:"Entries of the audit, 0 to 200,000."`
	Seed          uint64 `default:"1" help:"The same seed makes the same company."`
	PasswordStdin bool   `help:"Read everyone's password from standard input. Without it one is generated and shown once."`
}

// Audit groups the commands about the record of administrative acts.
type Audit struct {
	Verify AuditVerify `cmd:"" help:"Check that no entry was changed, deleted or moved, and that none is missing at the end."`
}

// AuditVerify may know a head of the audit that was kept elsewhere.
type AuditVerify struct {
	Store
	Head string `placeholder:"ENTRY:HASH" help:"What a line \"audit head\" says in a log that is kept elsewhere: this entry must have this hash."`
}

// Validate implements kong's check after parsing.
func (v *AuditVerify) Validate() error {
	if _, _, err := v.KnownHead(); err != nil {
		return err
	}
	return v.validate()
}

// KnownHead is the entry that must be there, and its hash; 0 if none was given.
func (v *AuditVerify) KnownHead() (entry int64, hash string, err error) {
	if v.Head == "" {
		return 0, "", nil
	}
	number, hash, _ := strings.Cut(v.Head, ":")
	entry, err = strconv.ParseInt(number, 10, 64)
	if err != nil || entry <= 0 || len(hash) != 64 {
		return 0, "", fmt.Errorf("%w: --head wants ENTRY:HASH, as 20:%s", ErrSettings, strings.Repeat("0e", 32))
	}
	return entry, hash, nil
}

// Import names the file of people.
type Import struct {
	Store
	File   string `arg:"" type:"existingfile" help:"An .xlsx or .csv file with a header row."`
	DryRun bool   `help:"Only say what would be done."`
}

// Legacy says where an original Hi_Msg is, and how it is to be read.
type Legacy struct {
	Store
	Original      string `required:"" placeholder:"URL" help:"The original's database: mysql://user:pass@tcp(host:3306)/hi_msg_db. An account that may only read is enough."`
	OriginalFiles string `placeholder:"DIR" help:"The original's folder of uploads (backend/chat_files), or a copy. Without it no file comes."`
	DryRun        bool   `help:"Only say what would come, and what can't and why. Nothing is changed."`
	Report        string `placeholder:"DIR" help:"Folder for the whole report: import-legacy.json and import-legacy.csv."`
	Zone          string `default:"UTC" help:"Zone of the original's times, which say none: UTC unless somebody changed that, or Asia/Seoul."`
	Owner         string `placeholder:"USERNAME" help:"Who of the original becomes an owner here. Its administrators stay administrators."`
	Existing      string `enum:"stop,link" default:"stop" help:"What to do when a user name, employee number or e-mail is taken here: stop, or link who has the same user name and employee number."`
	UnreadDays    int    `default:"14" help:"Messages that are older than so many days before the newest count as read."`
	Language      string `enum:"en,ko" default:"en" help:"Language of the report: en or ko."`
	Clamd         string `placeholder:"ADDR" help:"ClamAV's daemon, host:port or the path of its socket, to look at the files that come."`
}

// Validate implements kong's check after parsing.
func (l *Legacy) Validate() error {
	if !strings.HasPrefix(l.Original, "mysql://") {
		return errors.New("--original must begin with mysql://") // its value may hold a password: don't repeat it
	}
	if l.UnreadDays < 0 || l.UnreadDays > 36_500 {
		return errors.New("--unread-days must be 0 to 36500")
	}
	return l.validate()
}

// Backup says where backups go and who can open them.
type Backup struct {
	Store
	Dir          string   `name:"backup-dir" required:"" placeholder:"DIR" help:"Directory of the backups; made if it is missing. What does not change is kept there once."`
	Recipients   []string `name:"backup-recipient" required:"" placeholder:"KEY" help:"Public key (age1…) that everything is encrypted to, as backup-key prints it. Can be given several times."`
	Keep         int      `name:"backup-keep" default:"0" help:"How many backups stay, the newest; 0: all."`
	WithoutFiles bool     `name:"backup-without-files" help:"Leave out the bytes of files, for example since their bucket is backed up by itself."`
	CompanyName  string   `default:"Hi_Msg" help:"Name that the backup says of itself."`
}

// BackupKey names the file of a new private key.
type BackupKey struct {
	File string `arg:"" help:"File for the private key; it must not exist. Keep it apart from the backups."`
}

// BackupCheck names a directory of backups.
type BackupCheck struct {
	From    string `required:"" placeholder:"DIR" help:"Directory of the backups."`
	At      string `placeholder:"NAME" help:"The backup to check; without it the newest."`
	KeyFile string `placeholder:"FILE" help:"The private key. Without it only the presence of all parts is checked."`
}

// Restore names a backup and an empty place.
type Restore struct {
	Store
	From         string `required:"" placeholder:"DIR" help:"Directory of the backups."`
	At           string `placeholder:"NAME" help:"The backup to restore; without it the newest."`
	KeyFile      string `required:"" placeholder:"FILE" help:"The private key."`
	WithoutFiles bool   `name:"backup-without-files" help:"Leave the bytes of files alone: they are restored by other means."`
}

// BackupOpen names an archive and where to put what is in it.
type BackupOpen struct {
	File            string `arg:"" help:"The archive (….age)."`
	Out             string `required:"" placeholder:"DIR" help:"Directory for its pages and files."`
	Data            string `placeholder:"DIR" help:"The server's data directory, for its archive key."`
	KeyFile         string `placeholder:"FILE" help:"The archive key, if it is not in the data directory."`
	PassphraseStdin bool   `help:"Read the archive's passphrase from standard input."`
}

// Validate implements kong's check after parsing.
func (b *BackupOpen) Validate() error {
	if (b.Data == "") == (b.KeyFile == "") {
		return errors.New("backup-open needs --data or --key-file")
	}
	return nil
}

// Migrate has no settings of its own.
type Migrate struct{ Store }

// Doctor looks at what Serve would use.
type Doctor struct {
	Serve
	Names []string `name:"name" placeholder:"NAME,…" help:"Name or address by which apps reach this server: is the certificate for it? Can be given several times."`
	NTP   string   `name:"ntp" placeholder:"HOST" help:"Server of times (NTP) to compare the clock with."`
	Keys  []string `name:"release-key" placeholder:"KEY" help:"Public key (ed25519:…) that must have signed the app's releases; without it the one that this build was made with. Can be given several times."`
}

// OpenAPI has no settings.
type OpenAPI struct{}

// Version has no settings.
type Version struct{}

// ErrSettings marks what is wrong with flags, environment or file; the text says it in one sentence.
var ErrSettings = errors.New("settings")

// Validate implements kong's check after parsing.
func (s *Serve) Validate() error {
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		return fmt.Errorf("--listen must be host:port or :port, not %q", s.Listen)
	}
	if s.MetricsListen != "" {
		if _, _, err := net.SplitHostPort(s.MetricsListen); err != nil {
			return fmt.Errorf("--metrics-listen must be host:port or :port, not %q", s.MetricsListen)
		}
	}
	if s.RateLimits == "off" && !loopback(s.Listen) {
		return errors.New("--rate-limits off is only for a server that listens on loopback, for example 127.0.0.1:5050")
	}
	if s.TLSCert != "" && s.ACME.URL != "" {
		return errors.New("--tls-cert and --acme-url exclude each other")
	}
	if err := errors.Join(s.ACME.Validate(), s.LDAP.Validate(), s.OIDC.Validate()); err != nil {
		return err
	}
	if err := s.validateNodes(); err != nil {
		return err
	}
	return s.Store.validate()
}

// Validate implements kong's check after parsing.
func (c *AdminCreate) Validate() error { return c.validate() }

// Validate implements kong's check after parsing.
func (d *Demo) Validate() error {
	if d.People < 2 || d.People > 10_000 {
		return errors.New("--people must be 2 to 10000")
	}
	if d.Messages < 0 || d.Messages > 1_000_000 {
		return errors.New("--messages must be 0 to 1000000")
	}
	if d.Acts < 0 || d.Acts > 200_000 {
		return errors.New("--acts must be 0 to 200000")
	}
	return d.validate()
}

// Validate implements kong's check after parsing.
func (i *Import) Validate() error { return i.validate() }

// Validate implements kong's check after parsing.
func (b *Backup) Validate() error {
	if b.Keep < 0 {
		return errors.New("--backup-keep must not be negative")
	}
	return b.validate()
}

// Validate implements kong's check after parsing.
func (r *Restore) Validate() error { return r.validate() }

// Validate implements kong's check after parsing.
func (m *Migrate) Validate() error { return m.validate() }

func (s *Store) validate() error {
	if s.Database != "" && !strings.HasPrefix(s.Database, "mysql://") {
		return errors.New("--database must begin with mysql://") // its value may hold a password: don't repeat it
	}
	return nil
}

func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
