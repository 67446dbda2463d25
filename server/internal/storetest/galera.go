//go:build galera

package storetest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Galera starts a cluster of two MariaDB for this test alone. The first one's voice counts twice: it goes on when the other one is cut off.
func Galera(t testing.TB) []*Server {
	t.Helper()
	ports, err := freePorts(8)
	if err != nil {
		t.Fatal(err)
	}
	group := fmt.Sprintf("gcomm://127.0.0.1:%d,127.0.0.1:%d", ports[1], ports[5])
	settings := func(i int) []string {
		own := ports[4*i:]
		return append([]string{
			"--skip-networking=0", "--bind-address=127.0.0.1", fmt.Sprintf("--port=%d", own[0]),
			"--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON", "--wsrep-provider=/usr/lib/galera/libgalera_smm.so",
			"--wsrep-cluster-name=" + t.Name(), "--wsrep-cluster-address=" + []string{"gcomm://", group}[i], "--wsrep-node-address=127.0.0.1",
			fmt.Sprintf("--wsrep-node-name=member-%d", i+1), "--wsrep-sst-method=rsync",
			fmt.Sprintf("--wsrep-sst-receive-address=127.0.0.1:%d", own[3]),
			"--wsrep-provider-options=" + strings.Join([]string{
				fmt.Sprintf("gmcast.listen_addr=tcp://127.0.0.1:%d", own[1]), fmt.Sprintf("ist.recv_addr=127.0.0.1:%d", own[2]),
				"evs.keepalive_period=PT0.3S", "evs.suspect_timeout=PT1S", "gcache.size=16M", fmt.Sprintf("pc.weight=%d", 2-i),
			}, ";"),
		}, hasty...)
	}
	var members []*Server
	for i := range 2 {
		s, err := launchAs("mysql", settings(i))
		if err != nil {
			t.Fatalf("member of a cluster: %v (the suite must run on it: install mariadb-server and galera-4)", err)
		}
		t.Cleanup(s.stop)
		s.AwaitStatus(t, "wsrep_local_state_comment", "Synced")
		members = append(members, s)
	}
	return members
}

func freePorts(n int) (ports []int, err error) {
	for range n {
		l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("find a port: %w", err)
		}
		defer func() { _ = l.Close() }() // that frees it
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// EmptyURLs makes a database without a table and returns its address at each member.
func EmptyURLs(t testing.TB, members []*Server) (urls []string) {
	t.Helper()
	name := members[0].create(t)
	for _, m := range members {
		// What was made there is here when it has waited for that.
		ctx := context.Background()
		conn, err := m.admin.Conn(ctx)
		if err == nil {
			_, err = conn.ExecContext(ctx, "set session wsrep_sync_wait = 1")
		}
		if err == nil {
			_, err = conn.ExecContext(ctx, "select 1")
		}
		if err == nil {
			err = conn.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		urls = append(urls, m.url(name))
	}
	return urls
}

// BothURL is the address of a database at two members: the second goes on when the first can't.
func BothURL(first, second string) string {
	_, socket, _ := strings.Cut(second, "unix(")
	socket, _, _ = strings.Cut(socket, ")")
	return strings.Replace(first, ")", ","+socket+")", 1)
}

// CutOff parts a member of a cluster from the others, or brings it back.
func (s *Server) CutOff(t testing.TB, off bool) {
	t.Helper()
	isolate, state := 0, "ON"
	if off {
		isolate, state = 1, "OFF"
	}
	_, err := s.admin.ExecContext(context.Background(), fmt.Sprintf("set global wsrep_provider_options = 'gmcast.isolate=%d'", isolate))
	if err != nil {
		t.Fatalf("cut a member off: %v", err)
	}
	s.AwaitStatus(t, "wsrep_ready", state)
}

// AwaitStatus waits until "show status" says so.
func (s *Server) AwaitStatus(t testing.TB, name, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startWait)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var key, value string
		err := s.admin.QueryRowContext(ctx, "show status like '"+name+"'").Scan(&key, &value)
		if err == nil && value == want {
			return
		}
		select {
		case <-ctx.Done():
			log, read := os.ReadFile(filepath.Join(s.dir, "error.log"))
			t.Fatalf("%s is %q, not %q: %v: %s", name, value, want, errors.Join(err, read), log[max(0, len(log)-3000):])
		case <-tick.C:
		}
	}
}
