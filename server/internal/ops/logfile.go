package ops

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// How much of a log is kept: the file, and those that were put aside as ….1 (the newest) to ….7.
const (
	logFileBytes = 32 << 20
	logFilesKept = 7
)

// LogFile is a log that nobody else looks after: a Windows service has no terminal and no journal. A full file is put aside.
// It is safe for many writers at once.
type LogFile struct {
	path string
	most int64

	mu   sync.Mutex
	file *os.File
	size int64
}

// OpenLogFile goes on with the file at path, or makes it, for its owner only.
func OpenLogFile(path string) (*LogFile, error) {
	l := &LogFile{path: path, most: logFileBytes}
	if err := l.open(); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *LogFile) open() error {
	file, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("size of the log: %w", err), file.Close())
	}
	l.file, l.size = file, info.Size()
	return nil
}

// Write implements io.Writer. A file that can't be put aside, as another program holds it, grows until it can.
func (l *LogFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size > 0 && l.size+int64(len(p)) > l.most {
		if err := l.turn(); err != nil {
			return 0, err
		}
	}
	n, err := l.file.Write(p)
	l.size += int64(n)
	return n, err
}

// turn puts the file aside and begins a new one. Windows renames no open file. The files before move only once this one has left its
// place: one that is held there must not push them out of the row, try by try.
func (l *LogFile) turn() error {
	if err := l.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) { // after a turn that failed it is closed already
		return fmt.Errorf("close log: %w", err)
	}
	moved := os.Rename(l.path, l.aside(0))
	if moved == nil {
		for n := logFilesKept; n > 0; n-- {
			if err := os.Rename(l.aside(n-1), l.aside(n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				break
			}
		}
	}
	if err := l.open(); err != nil {
		return err
	}
	if moved != nil && !errors.Is(moved, fs.ErrNotExist) {
		l.size = 0 // the next try is after as much again
	}
	return nil
}

// aside is the name of the nth file that was put aside; 0 is on its way.
func (l *LogFile) aside(n int) string { return fmt.Sprintf("%s.%d", l.path, n) }

// Close ends the log.
func (l *LogFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}
