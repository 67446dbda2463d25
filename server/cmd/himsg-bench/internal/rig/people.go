package rig

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// Password is everybody's in the demo companies of the bench, which listen on loopback only.
const Password = "Bench-only-7261" //nolint:gosec // G101: protects nothing

// signInsAtATime: hashing takes a core each, and the server bounds it by itself.
const signInsAtATime = 4

// Person is someone of the demo company who is signed in.
type Person struct {
	UUID    string
	Session *client.Session
}

// SignIn signs the first n people of the demo company in.
func SignIn(ctx context.Context, url string, n int) ([]Person, error) {
	people := make([]Person, n)
	slots := make(chan struct{}, signInsAtATime)
	failed := make(chan error, n)
	for i := range n {
		go func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			var err error
			people[i], err = SignInOne(ctx, url, i+1, nil)
			failed <- err
		}()
	}
	var first error
	for range n {
		if err := <-failed; err != nil && first == nil {
			first = err
		}
	}
	return people, first
}

// Dial opens a connection, as client.Options takes it.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// SignInOne signs a person of the demo company in, by his number from 1. dial nil: an ordinary connection.
func SignInOne(ctx context.Context, url string, number int, dial Dial) (Person, error) {
	username := fmt.Sprintf("demo%05d", number)
	h, err := client.NewHTTP(client.Options{Address: url, UserAgent: "himsg-bench", Now: Now, DialContext: dial})
	if err != nil {
		return Person{}, err
	}
	in := wire.LoginRequest{Username: username, Password: Password}
	reply, err := h.Login(ctx, in)
	for try := 0; client.Temporary(err) && try < 20; try++ {
		reply, err = h.Login(ctx, in) // hashing is bounded: busy is a fair answer
	}
	if err != nil {
		return Person{}, fmt.Errorf("sign in %s: %w", username, err)
	}
	return Person{UUID: reply.User.UUID, Session: client.NewSession(h, client.TokensOf(reply, Now()), nil)}, nil
}

// Narrow dials a connection that holds little of what is not read: soon the other side can't send any more.
func Narrow(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) error {
		var failed error
		err := raw.Control(func(fd uintptr) { failed = narrow(fd) })
		return errors.Join(err, failed)
	}}
	return d.DialContext(ctx, network, address)
}

// Close ends a person's session on this side.
func (p Person) Close() {
	if p.Session != nil {
		p.Session.Close()
		p.Session.HTTP().Close()
	}
}
