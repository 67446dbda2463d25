package rig

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	galeraMembers = 3
	galeraLibrary = "/usr/lib/galera/libgalera_smm.so"
	galeraJoin    = 90 * time.Second
	galeraUser    = "himsg"
)

// galera is a private cluster: its members are on addresses of their own of the loopback device, so that one can be cut off.
type galera struct {
	members []*Member
}

// Member is one MariaDB of a cluster.
type Member struct {
	*mariadb
	Address string // of the loopback device, without a port

	port    int // for clients
	started bool
}

// newGalera makes a cluster with an empty database himsg, which the user himsg may use with Password.
func newGalera(ctx context.Context, dir string) (g *galera, err error) {
	if _, err := os.Stat(galeraLibrary); err != nil {
		return nil, fmt.Errorf("galera-4 is not installed: %w", err)
	}
	made, err := planGalera(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, made.stop())
		}
	}()
	if err := made.own(); err != nil {
		return nil, err
	}
	first := made.members[0]
	if err := first.install(ctx); err != nil {
		return nil, err
	}
	if err := first.begin(ctx, "--wsrep-new-cluster"); err != nil {
		return nil, err
	}
	if err := first.create(ctx, "himsg"); err != nil {
		return nil, err
	}
	if err := first.admit(ctx); err != nil {
		return nil, err
	}
	for _, m := range made.members[1:] {
		if err := m.begin(ctx); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// account is somebody of this machine.
type account struct{ uid, gid uint32 }

// own makes the members' directories, of the account mysql if root runs the bench: what one member lacks another one sends by rsync, which
// as root writes as nobody.
func (g *galera) own() error {
	var owner *account
	if os.Geteuid() == 0 {
		found, err := user.Lookup("mysql")
		if err != nil {
			return fmt.Errorf("an account for the cluster: %w", err)
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			return fmt.Errorf("an account for the cluster: %w", err)
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			return fmt.Errorf("an account for the cluster: %w", err)
		}
		owner = &account{uint32(uid), uint32(gid)}
	}
	for _, m := range g.members {
		m.owner = owner
		for _, dir := range []string{m.dir, filepath.Join(m.dir, "data")} {
			err := os.MkdirAll(dir, 0o700)
			if err == nil && owner != nil {
				err = os.Chown(dir, int(owner.uid), int(owner.gid))
			}
			if err != nil {
				return fmt.Errorf("make database directory: %w", err)
			}
		}
		if owner != nil {
			if err := passable(filepath.Dir(m.dir)); err != nil {
				return err
			}
		}
	}
	return nil
}

// passable lets others pass through a directory and those above, but not read them.
func passable(dir string) error {
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err == nil && info.Mode().Perm()&0o001 == 0 {
			err = os.Chmod(dir, info.Mode().Perm()|0o011)
		}
		if err != nil {
			return fmt.Errorf("let the database's account in: %w", err)
		}
	}
	return nil
}

// planGalera gives each member its addresses, and the settings that say how it finds the others.
func planGalera(ctx context.Context, dir string) (*galera, error) {
	g := &galera{}
	var groups []string // where they speak to each other
	ports := make([][]int, galeraMembers)
	for i := range galeraMembers {
		m := &Member{
			mariadb: &mariadb{dir: filepath.Join(dir, fmt.Sprintf("galera-%d", i+1))},
			Address: fmt.Sprintf("127.0.0.%d", 11+i),
		}
		var err error
		if ports[i], err = freePorts(ctx, m.Address, 4); err != nil {
			return nil, err
		}
		m.port = ports[i][0]
		groups = append(groups, fmt.Sprintf("%s:%d", m.Address, ports[i][1]))
		g.members = append(g.members, m)
	}
	for i, m := range g.members {
		m.flags = []string{
			"--bind-address=" + m.Address, fmt.Sprintf("--port=%d", m.port),
			"--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON", "--wsrep-provider=" + galeraLibrary,
			"--wsrep-cluster-name=himsg", "--wsrep-cluster-address=gcomm://" + strings.Join(groups, ","),
			"--wsrep-node-name=" + m.Name(), "--wsrep-node-address=" + m.Address,
			"--wsrep-sst-method=rsync", fmt.Sprintf("--wsrep-sst-receive-address=%s:%d", m.Address, ports[i][3]),
			"--wsrep-provider-options=" + strings.Join([]string{
				"gmcast.listen_addr=tcp://" + groups[i], fmt.Sprintf("ist.recv_addr=%s:%d", m.Address, ports[i][2]),
				"evs.keepalive_period=PT0.3S", "evs.suspect_timeout=PT1S", "gcache.size=128M",
			}, ";"),
		}
	}
	return g, nil
}

// freePorts are ports of an address that nobody has at the moment.
func freePorts(ctx context.Context, address string, n int) (ports []int, err error) {
	var held []net.Listener
	defer func() {
		for _, l := range held {
			_ = l.Close() // that frees it
		}
	}()
	for range n {
		var lc net.ListenConfig
		l, err := lc.Listen(ctx, "tcp", address+":0")
		if err != nil {
			return nil, fmt.Errorf("find a port: %w", err)
		}
		held = append(held, l)
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// admit makes the user whom servers use.
func (m *Member) admit(ctx context.Context) error {
	db, err := m.answer(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // nothing is pending
	for _, statement := range []string{
		"create user " + galeraUser + "@'%' identified by '" + Password + "'", "grant all on himsg.* to " + galeraUser + "@'%'",
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("make the database's user: %w", err)
		}
	}
	return nil
}

// dsn is in the form of the Go driver, with all members, beginning with one.
func (g *galera) dsn(first int) string {
	var hosts []string
	for i := range g.members {
		m := g.members[(first+i)%len(g.members)]
		hosts = append(hosts, m.Listening())
	}
	return galeraUser + ":" + Password + "@tcp(" + strings.Join(hosts, ",") + ")/himsg"
}

// Name tells it from the others.
func (m *Member) Name() string { return filepath.Base(m.dir) }

// Listening is where clients reach it, host:port.
func (m *Member) Listening() string { return fmt.Sprintf("%s:%d", m.Address, m.port) }

// Source returns what database/sql takes to open the database of this member.
func (m *Member) Source() (driver, dsn string) { return "mysql", m.mariadb.dsn("himsg") }

// Start starts the member where it stood, and waits until it has what the others have.
func (m *Member) Start(ctx context.Context) error {
	at, err := m.recovered(ctx)
	if err != nil {
		return err
	}
	if at == "" {
		return m.begin(ctx)
	}
	return m.begin(ctx, "--wsrep-start-position="+at)
}

func (m *Member) begin(ctx context.Context, once ...string) error {
	if err := m.start(once...); err != nil {
		return err
	}
	m.started = true
	return m.Synced(ctx)
}

// position is what a server logs that looks where it stood.
var position = regexp.MustCompile(`Recovered position:\s*([0-9a-f-]{36}:-?\d+)`)

// recovered is how far a killed member came, so that it need not be copied whole. Empty: it never ran.
func (m *Member) recovered(ctx context.Context) (at string, err error) {
	if _, err := os.Stat(filepath.Join(m.dir, "data", "ibdata1")); err != nil {
		return "", nil //nolint:nilerr // no data, no position
	}
	path, err := lookServer()
	if err != nil {
		return "", err
	}
	log := filepath.Join(m.dir, "recover.log")
	_ = os.Remove(log) // it is only added to
	args := append(append([]string{}, durable...), "--datadir="+filepath.Join(m.dir, "data"), "--socket="+filepath.Join(m.dir, "r.sock"),
		"--pid-file="+filepath.Join(m.dir, "r.pid"), "--log-error="+log, "--skip-networking", "--wsrep-recover")
	cmd := exec.CommandContext(ctx, path, append(args, m.asUser()...)...) //nolint:gosec // G204: our own arguments
	cmd.SysProcAttr = m.ends()
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("look where a member stood: %w: %s", err, out)
	}
	said, err := os.ReadFile(log) //nolint:gosec // G304: our own directory
	if err != nil {
		return "", fmt.Errorf("look where a member stood: %w", err)
	}
	if found := position.FindSubmatch(said); found != nil {
		at = string(found[1])
	}
	return at, nil
}

// Synced waits until the member has what the others have.
func (m *Member) Synced(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, galeraJoin)
	defer cancel()
	db, err := sql.Open("mysql", m.mariadb.dsn(""))
	if err != nil {
		return fmt.Errorf("open MariaDB: %w", err)
	}
	defer func() { _ = db.Close() }() // nothing is pending
	for {
		var name, state string
		err := db.QueryRowContext(ctx, "show status like 'wsrep_local_state_comment'").Scan(&name, &state)
		if err == nil && state == "Synced" {
			return nil
		}
		if Ended(m) || !Sleep(ctx, 50*time.Millisecond) {
			log, _ := os.ReadFile(filepath.Join(m.dir, "error.log"))
			return fmt.Errorf("%s does not join the cluster (%q): %w: %w: %s", m.Name(), state, ctx.Err(), err, tail(log))
		}
	}
}

// tail is the end of a log.
func tail(log []byte) []byte { return log[max(0, len(log)-3000):] }

// Kill ends the member with kill -9.
func (m *Member) Kill() error {
	m.started = false
	return m.kill()
}

// stop ends all members, the first one last: it holds the most.
func (g *galera) stop() (err error) {
	for i := len(g.members) - 1; i >= 0; i-- {
		if m := g.members[i]; m.started {
			m.started = false
			err = errors.Join(err, m.stop())
		}
	}
	return err
}
