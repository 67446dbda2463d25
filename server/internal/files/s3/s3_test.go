package s3_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"himsg/server/internal/files"
	"himsg/server/internal/files/blobtest"
	"himsg/server/internal/files/s3"
)

// bucket starts a server that speaks S3, with an empty bucket, and returns the address of a folder in it.
func bucket(t *testing.T) (address string, server *httptest.Server) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("himsg"); err != nil {
		t.Fatal(err)
	}
	server = httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return "s3://key:secret@" + strings.TrimPrefix(server.URL, "http://") + "/himsg/files?tls=off&region=us-east-1", server
}

func TestBlobs(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) files.Blobs {
		address, _ := bucket(t)
		s, err := s3.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestAwayIsAnError(t *testing.T) {
	address, server := bucket(t)
	s, err := s3.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	if err := s.Ping(t.Context()); err == nil {
		t.Error("ping of a server that is away")
	}
	if n, err := s.Append(t.Context(), strings.Repeat("ab", 16), 0, strings.NewReader("x")); err == nil || n != 0 {
		t.Errorf("append to a server that is away: %d, %v", n, err)
	}
}

func TestAddresses(t *testing.T) {
	for name, address := range map[string]string{
		"no scheme": "himsg", "no bucket": "s3://key:geheim@host", "no host": "s3:///himsg", "broken": "s3://key:geheim@ho st/x",
	} {
		_, err := s3.Open(t.Context(), address)
		if !errors.Is(err, s3.ErrAddress) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
	address, _ := bucket(t)
	if _, err := s3.Open(t.Context(), strings.Replace(address, "/himsg/", "/other/", 1)); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a bucket that is not there: %v", err)
	}
}
