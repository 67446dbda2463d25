package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/internal/bus/natstest"
)

// start starts all parts, in the order in which they need each other.
func (c *company) start(ctx context.Context) (err error) {
	if c.data, err = rig.NewData(ctx, rig.Galera, c.o.Dir); err != nil {
		return err
	}
	address, err := rig.Free(ctx, s3, 9000)
	if err != nil {
		return err
	}
	if c.bucket, err = rig.NewBucket(ctx, address); err != nil {
		return err
	}
	authority, err := natstest.NewAuthority(c.data.Dir, rig.Now())
	if err != nil {
		return err
	}
	if err := c.startNATS(ctx, authority); err != nil {
		return err
	}
	if err := c.startNodes(ctx, authority); err != nil {
		return err
	}
	if err := c.startFront(ctx); err != nil {
		return err
	}
	return c.writePrometheus()
}

// Accounts of NATS: one for clients, one for the servers among each other.
const (
	natsUser  = "himsg"
	natsRoute = "route"
)

func natsHost(i int) string    { return fmt.Sprintf("127.0.0.%d", 21+i) }
func nodeHost(i int) string    { return fmt.Sprintf("127.0.0.%d", 11+i) }
func monitoring(i int) string  { return natsHost(i) + ":8222" }
func natsClients(i int) string { return natsHost(i) + ":4222" }

// natsConfig is what a nats-server of the cluster reads. Clients and the other servers come by TLS, each with a password.
const natsConfig = `server_name: nats%[1]d
listen: %[2]s:4222
http: %[2]s:8222
tls { cert_file: %[3]q, key_file: %[4]q }
authorization { user: %[6]s, password: %[8]q }
cluster {
  name: himsg
  listen: %[2]s:6222
  tls { cert_file: %[3]q, key_file: %[4]q, ca_file: %[5]q, verify: true }
  authorization { user: %[7]s, password: %[8]q }
  routes: [%[9]s]
}
`

func (c *company) startNATS(ctx context.Context, authority *natstest.Authority) error {
	for i := range nodes {
		host := natsHost(i)
		cert, key, err := authority.Sign(host, rig.Now())
		if err != nil {
			return err
		}
		var routes []string
		for other := range nodes {
			if other != i {
				routes = append(routes, fmt.Sprintf("%q", fmt.Sprintf("nats-route://%s:%s@%s:6222", natsRoute, rig.Password, natsHost(other))))
			}
		}
		config := filepath.Join(c.data.Dir, fmt.Sprintf("nats%d.conf", i+1))
		text := fmt.Sprintf(natsConfig, i+1, host, cert, key, authority.CA, natsUser, natsRoute, rig.Password, strings.Join(routes, ", "))
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			return fmt.Errorf("write the configuration of NATS: %w", err)
		}
		n := &rig.Program{
			Path: c.o.NATSBin, Args: []string{"-c", config}, Address: natsClients(i),
			Log: filepath.Join(c.data.Dir, fmt.Sprintf("nats%d.log", i+1)),
		}
		if err := n.Start(ctx); err != nil {
			return err
		}
		c.nats = append(c.nats, n)
	}
	return nil
}

func (c *company) startNodes(ctx context.Context, authority *natstest.Authority) error {
	var urls []string
	for i := range nodes {
		urls = append(urls, fmt.Sprintf("tls://%s:%s@%s", natsUser, rig.Password, natsClients(i)))
	}
	own := c.data.ServerDir()
	for i := range nodes {
		n, err := rig.NewServer(c.o.ServerBin, c.data)
		if err != nil {
			return err
		}
		listen, err := rig.Free(ctx, nodeHost(i), port)
		if err != nil {
			return err
		}
		n.ListenAt(listen)
		n.Flags = []string{
			"--database", c.data.URLFrom(i), "--files", c.bucket.URL(), "--nats", strings.Join(urls, ","), "--nats-ca", authority.CA,
			"--trusted-proxies", "127.0.0.0/8",
		}
		if i == 0 {
			n.Messages, n.Making = c.o.Messages, []string{"--files", c.bucket.URL()}
			if err := n.Fill(ctx, c.o.People, rig.Password); err != nil {
				return err
			}
		} else {
			n.Flags = append(n.Flags, "--data", fmt.Sprintf("%s-%d", own, i+1), "--secret-file", filepath.Join(own, "secret.key"),
				"--audit-key-file", filepath.Join(own, "audit.key"))
		}
		if err := n.Start(ctx); err != nil {
			return err
		}
		c.nodes = append(c.nodes, n)
	}
	return nil
}

// frontConfig is what HAProxy reads: whoever comes gets the next server that is up.
const frontConfig = `global
  maxconn 4000
defaults
  mode http
  timeout connect 2s
  timeout client 90s
  timeout server 90s
  timeout tunnel 1h
  option forwardfor
  option redispatch
  retries 3
frontend himsg
  bind %[1]s
  default_backend servers
backend servers
  balance roundrobin
  option httpchk GET /readyz
  default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
%[2]sfrontend figures
  bind %[3]s
  http-request use-service prometheus-exporter if { path /metrics }
  stats enable
  stats uri /
`

func (c *company) startFront(ctx context.Context) error {
	path, err := exec.LookPath("haproxy")
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/haproxy"); err != nil {
			return errors.New("haproxy is not installed")
		}
	}
	address, err := rig.Free(ctx, balance, port)
	if err != nil {
		return err
	}
	figures, err := rig.Free(ctx, balance, 8404)
	if err != nil {
		return err
	}
	c.figure = "http://" + figures + "/"
	var servers strings.Builder
	for i, n := range c.nodes {
		fmt.Fprintf(&servers, "  server server%d %s check\n", i+1, strings.TrimPrefix(n.URL(), "http://"))
	}
	config := filepath.Join(c.data.Dir, "haproxy.cfg")
	if err := os.WriteFile(config, []byte(fmt.Sprintf(frontConfig, address, servers.String(), figures)), 0o600); err != nil {
		return fmt.Errorf("write the configuration of HAProxy: %w", err)
	}
	front := &rig.Program{Path: path, Args: []string{"-db", "-f", config}, Address: address, Log: filepath.Join(c.data.Dir, "haproxy.log")}
	if err := front.Start(ctx); err != nil {
		return err
	}
	c.front = front
	return nil
}

func (c *company) writePrometheus() error {
	var targets []string
	for _, n := range c.nodes {
		targets = append(targets, fmt.Sprintf("%q", strings.TrimPrefix(n.URL(), "http://")))
	}
	host, at, err := net.SplitHostPort(strings.TrimSuffix(strings.TrimPrefix(c.figure, "http://"), "/"))
	if err != nil {
		return fmt.Errorf("the balancer's figures: %w", err)
	}
	text := "global: { scrape_interval: 5s }\nscrape_configs:\n  - job_name: himsg\n    static_configs: [{ targets: [" + strings.Join(targets, ", ") +
		"] }]\n  - job_name: haproxy\n    static_configs: [{ targets: [\"" + net.JoinHostPort(host, at) + "\"] }]\n"
	if err := os.WriteFile(filepath.Join(c.data.Dir, "prometheus.yml"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("write a configuration for Prometheus: %w", err)
	}
	return nil
}
