package rig

import (
	"context"
	"errors"
	"time"
)

// WithServer runs fn while a server of a new, private database with some people is up, and takes everything away again.
func WithServer(
	ctx context.Context, binary, dir string, kind Kind, people int, fn func(s *Server, data *Data) error,
) error {
	return WithCompany(ctx, binary, dir, kind, people, func(*Data) error { return nil }, fn)
}

// WithCompany is WithServer, where more is put into the database before the server is up.
func WithCompany(
	ctx context.Context, binary, dir string, kind Kind, people int, found func(data *Data) error, fn func(s *Server, data *Data) error,
) (err error) {
	data, err := NewData(ctx, kind, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	server, err := NewServer(binary, data)
	if err != nil {
		return err
	}
	if err := server.Fill(ctx, people, Password); err != nil {
		return err
	}
	if err := found(data); err != nil {
		return err
	}
	if err := server.Start(ctx); err != nil {
		return err
	}
	return errors.Join(fn(server, data), server.Stop())
}

// AwaitAll waits until all these channels are closed; what says in the error what did not happen.
func AwaitAll(ctx context.Context, within time.Duration, what string, closed []<-chan struct{}) error {
	timer := time.NewTimer(within)
	defer timer.Stop()
	for _, c := range closed {
		select {
		case <-c:
		case <-timer.C:
			return errors.New(what)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
