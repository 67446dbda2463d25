package ops_test

import (
	"encoding/binary"
	"net"
	"testing"
	"time"

	"himsg/server/internal/ops"
)

// timeServer answers one question as a server of times whose clock is ahead.
func timeServer(t *testing.T, ahead time.Duration, spoil func([]byte)) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		b := make([]byte, 48)
		_, from, err := conn.ReadFrom(b)
		if err != nil {
			return
		}
		answer := make([]byte, 48)
		answer[0], answer[1] = 4<<3|4, 2
		copy(answer[24:32], b[40:48])
		now := time.Now().Add(ahead)
		for _, at := range []int{16, 32, 40} {
			binary.BigEndian.PutUint32(answer[at:], uint32(now.Unix()+2_208_988_800))
			binary.BigEndian.PutUint32(answer[at+4:], uint32(int64(now.Nanosecond())<<32/1e9))
		}
		spoil(answer)
		_, _ = conn.WriteTo(answer, from)
	}()
	return conn.LocalAddr().String()
}

func TestTheClockIsComparedWithAServerOfTimes(t *testing.T) {
	for _, ahead := range []time.Duration{0, time.Hour, -3 * time.Minute} {
		off, err := ops.NTPOffset(timeServer(t, ahead, func([]byte) {}))
		if err != nil || (off-ahead).Abs() > 5*time.Second {
			t.Errorf("%v: %v, %v", ahead, off, err)
		}
	}
	for name, spoil := range map[string]func([]byte){
		"a server that does not know it":  func(b []byte) { b[1] = 16 },
		"an answer to another question":   func(b []byte) { b[24]++ },
		"a client's packet":               func(b []byte) { b[0] = 4<<3 | 3 },
		"a server that is not in time":    func(b []byte) { b[0] |= 3 << 6 },
		"a server that asks to be spared": func(b []byte) { b[1] = 0; copy(b[12:], "RATE") },
	} {
		if _, err := ops.NTPOffset(timeServer(t, 0, spoil)); err == nil {
			t.Errorf("%s: believed", name)
		}
	}
}

func TestThisMachinesLimits(t *testing.T) {
	if kind, err := ops.NetworkFS(t.TempDir()); err != nil || kind != "" {
		t.Errorf("a local folder: %q, %v", kind, err)
	}
	if _, err := ops.NetworkFS("/no/such/folder"); err == nil {
		t.Error("a folder that is not there")
	}
	if limit, known, err := ops.OpenFiles(); err != nil || !known || limit == 0 {
		t.Errorf("%d, %v, %v", limit, known, err)
	}
}
