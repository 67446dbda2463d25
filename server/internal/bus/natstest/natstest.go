// Package natstest runs a nats-server in this process, for tests and the bench: the product never holds one.
package natstest

import (
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// startTime bounds how long a server may take to answer.
const startTime = 10 * time.Second

// Server is a nats-server on a loopback port. It keeps its port over Stop and Start.
type Server struct {
	options server.Options
	running *server.Server
}

// Start runs a server on a free port; Stop ends it.
func Start() (*Server, error) { return StartWith(server.Options{}) }

// StartWith is Start with TLS, users, or other servers of a cluster. It sees to address and log by itself.
func StartWith(options server.Options) (*Server, error) {
	options.Host, options.Port = "127.0.0.1", server.RANDOM_PORT
	options.NoLog, options.NoSigs, options.MaxPayload = true, true, 1<<20
	s := &Server{options: options}
	err := s.Start()
	return s, err
}

// Start runs a stopped server again, on the port that it had.
func (s *Server) Start() error {
	options := s.options
	running, err := server.NewServer(&options)
	if err != nil {
		return fmt.Errorf("nats-server: %w", err)
	}
	go running.Start()
	if !running.ReadyForConnections(startTime) {
		running.Shutdown()
		return errors.New("nats-server: it does not answer")
	}
	if s.options.Port == server.RANDOM_PORT {
		s.options.Port = options.Port
	}
	s.running = running
	return nil
}

// ClusterURL is where it listens to the other servers of its cluster.
func (s *Server) ClusterURL() string { return "nats://" + s.running.ClusterAddr().String() }

// URL is where it listens.
func (s *Server) URL() string { return fmt.Sprintf("nats://127.0.0.1:%d", s.options.Port) }

// Stop ends the server at once, as kill does: its clients find the line closed. A repeat is harmless.
func (s *Server) Stop() {
	s.running.Shutdown()
	s.running.WaitForShutdown()
}

// Interest is how many subscriptions there are.
func (s *Server) Interest() int { return int(s.running.NumSubscriptions()) }
