package judge

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

const ledgerFile = "ledger.jsonl"

// What an entry says.
const (
	Sent         = "sent"    // about to be sent for the first time
	Acked        = "acked"   // the server said that it is stored
	Deleting     = "delete"  // about to be deleted for the first time
	DeletedAcked = "deleted" // the server said that it is deleted
)

// Entry is a line of the ledger. Number counts one sender's messages of one room from 1.
type Entry struct {
	What      string `json:"what"`
	Sender    string `json:"sender"`
	Room      string `json:"room"`
	Number    int64  `json:"number"`
	ClientID  string `json:"client_id"`
	Text      string `json:"text,omitempty"`
	MessageID int64  `json:"message_id,omitempty"`
	Seq       int64  `json:"seq,omitempty"`
}

// Ledger is the checker's own log. A write returns when the entry is on the disk; entries that come together share a sync.
type Ledger struct {
	file *os.File
	in   chan line
	done sync.WaitGroup
}

// line is an entry on its way to the disk.
type line struct {
	body    []byte
	written chan error
}

// OpenLedger begins a ledger in a directory that has none.
func OpenLedger(dir string) (*Ledger, error) {
	path := filepath.Join(dir, ledgerFile)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // G304: our own directory
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	l := &Ledger{file: file, in: make(chan line, 1024)}
	l.done.Go(l.run)
	return l, nil
}

func (l *Ledger) run() {
	var waiting []chan error
	for first := range l.in {
		body, more := first.body, true
		waiting = append(waiting[:0], first.written)
		for more {
			select {
			case next, ok := <-l.in:
				if more = ok; ok {
					body = append(body, next.body...)
					waiting = append(waiting, next.written)
				}
			default:
				more = false
			}
		}
		_, err := l.file.Write(body)
		err = errors.Join(err, l.file.Sync())
		for _, written := range waiting {
			written <- err
		}
	}
}

// Write returns when the entry is on the disk.
func (l *Ledger) Write(e Entry) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode ledger entry: %w", err)
	}
	written := make(chan error, 1)
	l.in <- line{body: append(body, '\n'), written: written}
	if err := <-written; err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	return nil
}

// Close ends the ledger; nobody may write any more.
func (l *Ledger) Close() error {
	close(l.in)
	l.done.Wait()
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("close ledger: %w", err)
	}
	return nil
}

// ReadLedger reads what stands on the disk. A last line that is not whole is an error.
func ReadLedger(dir string) ([]Entry, error) { return readLedger(dir, false) }

// ReadLedgerSoFar reads the ledger while others write it: a last line that is not whole is not there yet.
func ReadLedgerSoFar(dir string) ([]Entry, error) { return readLedger(dir, true) }

func readLedger(dir string, growing bool) ([]Entry, error) {
	file, err := os.Open(filepath.Join(dir, ledgerFile)) //nolint:gosec // G304: our own directory
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	decoder := json.NewDecoder(bufio.NewReader(file))
	var entries []Entry
	for {
		var e Entry
		switch err := decoder.Decode(&e); {
		case errors.Is(err, io.EOF), growing && errors.Is(err, io.ErrUnexpectedEOF):
			return entries, nil
		case err != nil:
			return nil, fmt.Errorf("read ledger: %w", err)
		}
		entries = append(entries, e)
	}
}
