package instance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	maxCallBytes = 4 << 10
	// callLimit bounds one exchange: a caller that says nothing holds up the next no longer.
	callLimit = 2 * time.Second
	// dialPause is between two tries: the first start has its lock a moment before it listens.
	dialPause = 20 * time.Millisecond
	// maxSocketPath is the shortest limit of a socket's path among the systems (macOS), less its closing zero.
	maxSocketPath = 103
	answer        = "ok\n"
)

// Call is what a second start hands to the first.
type Call struct {
	Hidden bool   `json:"hidden"`         // that start was to show no window
	Link   string `json:"link,omitempty"` // as it stood on the command line: not checked
}

// Listen takes the calls of later starts until stop. Call it with the profile's lock held: what lies in the socket's place
// then is of an app that was killed. take is called for one call at a time and must return soon.
func Listen(profileDir string, logger *slog.Logger, take func(Call)) (stop func(), err error) {
	path, err := socketPath(profileDir)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("take away the old socket: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen for later starts: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("guard the socket: %w", err), listener.Close())
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				logger.Warn("call of a later start", slog.Any("error", err))
				return
			}
			if err := serve(conn, take); err != nil {
				logger.Warn("call of a later start", slog.Any("error", err))
			}
		}
	})
	return func() {
		listener.Close()
		serving.Wait()
	}, nil
}

func serve(conn net.Conn, take func(Call)) error {
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(callLimit)); err != nil { //nolint:forbidigo // a deadline of the system, not of the app's clock
		return fmt.Errorf("set deadline: %w", err)
	}
	line, err := io.ReadAll(io.LimitReader(conn, maxCallBytes+1))
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	var call Call
	if len(line) > maxCallBytes || json.Unmarshal(line, &call) != nil {
		return fmt.Errorf("not a call: %d bytes", len(line))
	}
	take(call)
	if _, err := io.WriteString(conn, answer); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

// HandOver gives a call to the app that has the profile, and returns when that has taken it. ctx bounds the wait.
func HandOver(ctx context.Context, profileDir string, call Call) error {
	path, err := socketPath(profileDir)
	if err != nil {
		return err
	}
	line, err := json.Marshal(call)
	if err != nil {
		return fmt.Errorf("encode the call: %w", err)
	}
	conn, err := dial(ctx, path)
	if err != nil {
		return fmt.Errorf("the app that runs with profile %s can't be reached: %w", profileDir, err)
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return fmt.Errorf("set deadline: %w", err)
		}
	}
	letForward()
	if _, err := conn.Write(line); err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	if err := conn.CloseWrite(); err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	said, err := io.ReadAll(io.LimitReader(conn, int64(len(answer))))
	if err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	if string(said) != answer {
		return errors.New("the app that runs did not take the call")
	}
	return nil
}

// dial tries until somebody listens.
func dial(ctx context.Context, path string) (*net.UnixConn, error) {
	again := time.NewTicker(dialPause)
	defer again.Stop()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
		if unix, ok := conn.(*net.UnixConn); ok {
			return unix, nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		}
	}
}

// socketPath is the socket in the profile, where no other user can put one; with a profile whose path is too long for a
// socket, it is in the folder that the session or the system gives this user. The same folder by another spelling is the
// same.
func socketPath(profileDir string) (string, error) {
	whole, err := filepath.Abs(profileDir)
	if err != nil {
		return "", fmt.Errorf("find the profile: %w", err)
	}
	if target, err := filepath.EvalSymlinks(whole); err == nil {
		whole = target
	}
	if path := filepath.Join(whole, "socket"); len(path) <= maxSocketPath {
		return path, nil
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		if dir, err = os.UserCacheDir(); err != nil {
			return "", fmt.Errorf("place for a socket: %w", err)
		}
	}
	sum := sha256.Sum256([]byte(whole))
	path := filepath.Join(dir, "himsg-"+hex.EncodeToString(sum[:8]))
	if len(path) > maxSocketPath {
		return "", fmt.Errorf("the profile's path is too long for a socket: %s", whole)
	}
	return path, nil
}
