package rig

import (
	"context"
	"fmt"

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
			people[i], err = signIn(ctx, url, fmt.Sprintf("demo%05d", i+1))
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

func signIn(ctx context.Context, url, username string) (Person, error) {
	h, err := client.NewHTTP(client.Options{Address: url, UserAgent: "himsg-bench", Now: Now})
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

// Close ends a person's session on this side.
func (p Person) Close() {
	if p.Session != nil {
		p.Session.Close()
		p.Session.HTTP().Close()
	}
}
