package clamd_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/files/clamd"
)

const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// daemon speaks clamd's protocol, knows one signature and takes up to limit bytes.
func daemon(t *testing.T, limit int) (address string, listener net.Listener) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(c, limit)
		}
	}()
	return listener.Addr().String(), listener
}

func serve(c net.Conn, limit int) {
	defer c.Close()
	r := bufio.NewReader(c)
	command, err := r.ReadString(0)
	if err != nil {
		return
	}
	if command == "zPING\x00" {
		_, _ = c.Write([]byte("PONG\x00"))
		return
	}
	var data bytes.Buffer
	for {
		var n uint32
		if binary.Read(r, binary.BigEndian, &n) != nil {
			return
		}
		if n == 0 {
			break
		}
		if data.Len()+int(n) > limit {
			_, _ = c.Write([]byte("INSTREAM size limit exceeded. ERROR\x00"))
			return
		}
		if _, err := io.CopyN(&data, r, int64(n)); err != nil {
			return
		}
	}
	answer := "stream: OK\x00"
	if bytes.Contains(data.Bytes(), []byte(eicar)) {
		answer = "stream: Eicar-Test-Signature FOUND\x00"
	}
	_, _ = c.Write([]byte(answer))
}

func TestScan(t *testing.T) {
	address, listener := daemon(t, 1<<20)
	s := clamd.New(address, time.Now)
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ what, data, found string }{
		{"nothing", "", ""},
		{"clean", strings.Repeat("0123456789", 50_000), ""},
		{"EICAR", eicar, "Eicar-Test-Signature"},
		{"EICAR in a long file", strings.Repeat("0123456789", 50_000) + eicar, "Eicar-Test-Signature"},
	} {
		if found, err := s.Scan(t.Context(), strings.NewReader(c.data)); err != nil || found != c.found {
			t.Errorf("%s: %q %v", c.what, found, err)
		}
	}
	if found, err := s.Scan(t.Context(), strings.NewReader(strings.Repeat("x", 2<<20))); err == nil || found != "" {
		t.Errorf("more than it takes: %q %v", found, err)
	}
	_ = listener.Close()
	if err := s.Ping(t.Context()); err == nil {
		t.Error("ping of one that is down")
	}
	if _, err := s.Scan(t.Context(), strings.NewReader("x")); err == nil || errors.Is(err, clamd.ErrTooLarge) {
		t.Errorf("scan by one that is down: %v", err)
	}
}
