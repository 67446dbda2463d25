package rig

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Bucket is a server in this process that speaks S3 and holds one bucket, in memory.
type Bucket struct {
	server *http.Server
	done   chan error
	addr   string
}

// NewBucket starts one at an address; Close ends it.
func NewBucket(ctx context.Context, address string) (*Bucket, error) {
	backend := s3mem.New()
	if err := backend.CreateBucket("himsg"); err != nil {
		return nil, fmt.Errorf("make a bucket: %w", err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("make a bucket: %w", err)
	}
	b := &Bucket{
		server: &http.Server{Handler: gofakes3.New(backend).Server(), ReadHeaderTimeout: 10 * time.Second},
		done:   make(chan error, 1), addr: listener.Addr().String(),
	}
	go func() { b.done <- b.server.Serve(listener) }()
	return b, nil
}

// Address is host:port.
func (b *Bucket) Address() string { return b.addr }

// URL is its address as the server's --files takes it.
func (b *Bucket) URL() string {
	return "s3://" + galeraUser + ":" + Password + "@" + b.addr + "/himsg?tls=off&region=us-east-1"
}

// Close ends it; what it held is gone.
func (b *Bucket) Close() error {
	err := b.server.Close()
	if served := <-b.done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	if err != nil {
		return fmt.Errorf("close the bucket: %w", err)
	}
	return nil
}
