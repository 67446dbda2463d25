package faults

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// tooManyFiles: more connections come than the system lets the server open. Those who are connected go on; when the
// strangers have left, a new one can sign in.
func tooManyFiles() fault {
	return fault{
		name: "too-many-files", kinds: []rig.Kind{rig.SQLite}, bound: time.Minute, brief: true, needs: []string{"prlimit"},
		equip: func(s *scene) { s.server.Before = []string{"prlimit", "--nofile=" + strconv.Itoa(mostFiles)} },
		disturb: func(ctx context.Context, s *scene) error {
			if err := s.working(ctx, 100); err != nil {
				return err
			}
			strangers, err := besiege(ctx, s.server.URL(), 200)
			defer func() { _ = strangers() }() // a repeat; below it counts
			if err != nil {
				return err
			}
			open, err := rig.OpenFiles(s.server.Process().Pid)
			if err != nil {
				return err
			}
			if open < mostFiles {
				return fmt.Errorf("the server has %d files open: not all of %d", open, mostFiles)
			}
			var longest time.Duration
			for last := rig.Now(); ; {
				waiting, cancel := context.WithTimeout(ctx, 10*time.Second)
				at, err := s.crowd.NextAck()(waiting)
				cancel()
				if err != nil {
					return fmt.Errorf("with all files taken: %w", err)
				}
				longest = max(longest, at.Sub(last))
				last = at
				if s.crowd.Acked() > int64(s.times(3000, 1000)) {
					break
				}
			}
			s.goal("longest without an ack", ms(longest), "ms", 2000)
			if err := strangers(); err != nil {
				return err
			}
			person, err := rig.SignInOne(ctx, s.server.URL(), 1, nil)
			if err == nil {
				person.Close()
			}
			return err
		},
	}
}

// mostFiles are enough for the crowd, its sign-ins and the database, and fewer than the strangers want.
const mostFiles = 192

// besiege opens connections that say nothing, until leave is called.
func besiege(ctx context.Context, url string, n int) (leave func() error, err error) {
	var conns []net.Conn
	leave = func() (err error) {
		for _, c := range conns {
			err = errors.Join(err, c.Close())
		}
		conns = nil
		return err
	}
	var d net.Dialer
	for range n {
		c, err := d.DialContext(ctx, "tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			return leave, fmt.Errorf("connect: %w", err)
		}
		conns = append(conns, c)
	}
	return leave, nil
}
