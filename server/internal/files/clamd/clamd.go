// Package clamd asks ClamAV's daemon for malware, by its own protocol (clamd(8)): INSTREAM with chunks of bytes, PING. It
// implements files.Scanner; package app makes it when there is an address.
package clamd

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"himsg/server/internal/files"
)

const (
	chunkBytes  = 64 << 10
	dialTime    = 5 * time.Second
	stepTime    = 30 * time.Second // for a chunk to be taken
	answerTime  = 5 * time.Minute  // for the scan itself
	pingTime    = 3 * time.Second
	answerBytes = 4 << 10
)

// Scanner is a client of one daemon. It opens a connection for each file.
type Scanner struct {
	network, address string
	now              func() time.Time
}

var _ files.Scanner = (*Scanner)(nil)

// New makes a Scanner of an address: host:port, or the path of a socket of this machine.
func New(address string, now func() time.Time) *Scanner {
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
	}
	return &Scanner{network, address, now}
}

// ErrTooLarge says that the daemon doesn't take files of this size: its StreamMaxLength is less than the policy's limit.
var ErrTooLarge = errors.New("the file is larger than the scanner takes")

func (s *Scanner) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTime}
	c, err := d.DialContext(ctx, s.network, s.address)
	if err != nil {
		return nil, fmt.Errorf("reach the scanner: %w", err)
	}
	return c, nil
}

// Scan implements files.Scanner.
func (s *Scanner) Scan(ctx context.Context, r io.Reader) (found string, err error) {
	c, err := s.dial(ctx)
	if err != nil {
		return "", err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	sent := s.send(c, r)
	// A daemon that has had enough says so before all is sent, so the answer is read in any case.
	answer, err := s.answer(c, answerTime)
	if err != nil {
		return "", errors.Join(err, sent)
	}
	found, err = verdict(answer)
	if err == nil && found == "" && sent != nil {
		return "", sent
	}
	return found, err
}

func (s *Scanner) send(c net.Conn, r io.Reader) error {
	if err := s.write(c, []byte("zINSTREAM\x00")); err != nil {
		return err
	}
	chunk := make([]byte, 4+chunkBytes)
	for {
		n, err := io.ReadFull(r, chunk[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(chunk, uint32(n))
			if err := s.write(c, chunk[:4+n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return s.write(c, make([]byte, 4)) // a chunk of no bytes is the end
		case err != nil:
			return fmt.Errorf("read for the scanner: %w", err)
		}
	}
}

func (s *Scanner) write(c net.Conn, p []byte) error {
	if err := c.SetWriteDeadline(s.now().Add(stepTime)); err != nil {
		return fmt.Errorf("write to the scanner: %w", err)
	}
	if _, err := c.Write(p); err != nil {
		return fmt.Errorf("write to the scanner: %w", err)
	}
	return nil
}

// answer reads up to the zero byte at an answer's end.
func (s *Scanner) answer(c net.Conn, within time.Duration) (string, error) {
	if err := c.SetReadDeadline(s.now().Add(within)); err != nil {
		return "", fmt.Errorf("read from the scanner: %w", err)
	}
	text, err := bufio.NewReader(io.LimitReader(c, answerBytes)).ReadString(0)
	if err != nil {
		return "", fmt.Errorf("read from the scanner: %w", err)
	}
	return strings.TrimSpace(strings.TrimSuffix(text, "\x00")), nil
}

// verdict reads "stream: OK", "stream: NAME FOUND" or "… ERROR".
func verdict(answer string) (found string, err error) {
	said := strings.TrimPrefix(answer, "stream: ")
	if said == "OK" {
		return "", nil
	}
	if name, ok := strings.CutSuffix(said, " FOUND"); ok && name != "" {
		return name, nil
	}
	if strings.Contains(answer, "size limit exceeded") {
		return "", ErrTooLarge
	}
	return "", fmt.Errorf("the scanner says %q", answer)
}

// Ping implements files.Scanner.
func (s *Scanner) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	c, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := s.write(c, []byte("zPING\x00")); err != nil {
		return err
	}
	answer, err := s.answer(c, pingTime)
	if err == nil && answer != "PONG" {
		err = fmt.Errorf("the scanner says %q", answer)
	}
	return err
}
