package founding

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net"
	"sync"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
)

// sessionDays is how long a session lasts; more than any run.
const sessionDays = 7

// signIn gives the first people a device with a session. Its refresh token is known to whoever knows the person's number: these
// companies listen on loopback, for minutes.
func (c *Company) signIn(ctx context.Context, f *filler) error {
	if c.o.SignedIn == 0 {
		return nil
	}
	var device, session int64
	for table, id := range map[string]*int64{"devices": &device, "sessions": &session} {
		if err := f.conn.QueryRowContext(ctx, "select coalesce(max(id), 0) from "+table).Scan(id); err != nil {
			return fmt.Errorf("look who is signed in: %w", err)
		}
	}
	now := rig.Now().UnixMilli()
	until := now + sessionDays*dayMillis
	var devices, sessions, tokens [][]any
	for i := range c.o.SignedIn {
		user, n := c.people+1+int64(i), int64(i)+1
		devices = append(devices, []any{device + n, uuidOf(deviceKind, user), user, "bench", "linux", "bench", now, now})
		sessions = append(sessions, []any{session + n, uuidOf(sessionKind, user), user, device + n, now, now, until})
		sum := sha256.Sum256([]byte(refreshToken(user)))
		tokens = append(tokens, []any{session + n, hex.EncodeToString(sum[:]), now, until})
	}
	for _, t := range []struct {
		head string
		rows [][]any
	}{
		{"insert into devices (id, device_uuid, user_id, name, platform, app_version, created_at, last_seen_at) values ", devices},
		{"insert into sessions (id, session_uuid, user_id, device_id, created_at, last_seen_at, expires_at) values ", sessions},
		{"insert into refresh_tokens (session_id, token_hash, created_at, expires_at) values ", tokens},
	} {
		if err := f.values(ctx, t.head, t.rows); err != nil {
			return err
		}
	}
	return nil
}

func refreshToken(userID int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "bench only, session of %d", userID))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

const (
	renewAtATime = 16
	// addresses are those of loopback that connections come from: one has 28,000 ports for all that is open and was a minute ago.
	addresses = 8
)

// People takes the sessions of the first n people, each with a fresh access token. They spread over the servers of these addresses.
func (c *Company) People(ctx context.Context, n int, urls ...string) ([]rig.Person, error) {
	people := make([]rig.Person, n)
	slots := make(chan struct{}, renewAtATime)
	failed := make(chan error, n)
	var renewing sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		renewing.Go(func() {
			defer func() { <-slots }()
			var err error
			people[i], err = c.person(ctx, urls[i%len(urls)], i)
			failed <- err
		})
	}
	renewing.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			return people, fmt.Errorf("renew a token: %w", err)
		}
	}
	return people, nil
}

func (c *Company) person(ctx context.Context, url string, i int) (rig.Person, error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+i%addresses))}}
	h, err := client.NewHTTP(client.Options{Address: url, UserAgent: "himsg-bench", Now: rig.Now, DialContext: dialer.DialContext})
	if err != nil {
		return rig.Person{}, err
	}
	p := rig.Person{
		UUID:    c.UUID(i),
		Session: client.NewSession(h, client.Tokens{Refresh: refreshToken(c.people + 1 + int64(i))}, nil),
	}
	_, err = p.Session.Access(ctx)
	h.Close() // its connection would be a file of both sides
	return p, err
}
