package client_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

func TestSessionRefreshesOnceForAll(t *testing.T) {
	s := newServer(t)
	var mu sync.Mutex
	var kept []client.Tokens
	session := s.session(time.Now(), func(tokens client.Tokens) error {
		mu.Lock()
		defer mu.Unlock()
		kept = append(kept, tokens)
		return nil
	})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if out, err := session.Me(context.Background()); err != nil || out.UUID != me {
				t.Errorf("me: %+v, %v", out, err)
			}
		})
	}
	all.Wait()
	if n := s.refreshes.Load(); n != 1 {
		t.Errorf("%d refreshes for 20 callers", n)
	}
	if len(kept) != 1 || kept[0].Refresh != "refresh1" || kept[0].AccessExpires.Before(time.Now()) {
		t.Errorf("kept %+v", kept)
	}
}

func TestSessionKeepsBeforeUse(t *testing.T) {
	s := newServer(t)
	keeping, release := make(chan struct{}), make(chan struct{})
	session := s.session(time.Now(), func(client.Tokens) error {
		close(keeping)
		<-release
		return nil
	})
	done := make(chan error, 1)
	go func() { _, err := session.Me(context.Background()); done <- err }()
	<-keeping
	select {
	case err := <-done:
		t.Fatalf("the pair was used before it was kept: %v", err)
	default:
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestSessionSurvivesACallerThatGivesUp(t *testing.T) {
	s := newServer(t)
	keeping, release := make(chan struct{}), make(chan struct{})
	session := s.session(time.Now(), func(client.Tokens) error {
		close(keeping)
		<-release
		return nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	gaveUp := make(chan error, 1)
	go func() { _, err := session.Me(ctx); gaveUp <- err }()
	<-keeping
	cancel()
	if err := <-gaveUp; !errors.Is(err, context.Canceled) {
		t.Errorf("gave up with %v", err)
	}
	close(release)
	if _, err := session.Me(context.Background()); err != nil {
		t.Errorf("the refresh was lost with its first caller: %v", err)
	}
}

func TestSessionGoesOnWhenTokensCannotBeKept(t *testing.T) {
	s := newServer(t)
	session := s.session(time.Now(), func(client.Tokens) error { return errors.New("keyring is locked") })
	if _, err := session.Me(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestSessionRevoked(t *testing.T) {
	s := newServer(t)
	s.refresh = "spent by another"
	session := s.session(time.Now(), nil)
	for range 2 { // the second one does not ask the server again
		_, err := session.Me(context.Background())
		if !errors.Is(err, client.ErrRevoked) || client.ReasonOf(err) != wire.ReasonRefreshReused ||
			client.CodeOf(err) != wire.Unauthenticated {
			t.Fatalf("me: %v", err)
		}
	}
	if n := s.refreshes.Load(); n != 1 {
		t.Errorf("%d refreshes", n)
	}
}

func TestSessionRetriesOnceOn401(t *testing.T) {
	s := newServer(t)
	session := s.session(fresh(), nil)
	s.setAccess("another")
	if _, err := session.Me(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := s.refreshes.Load(); n != 1 {
		t.Errorf("%d refreshes", n)
	}
}
