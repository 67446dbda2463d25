package faults

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// scannerGone: ClamAV's daemon finds what is harmful, in archives and documents too; then it is killed and comes back. What
// comes meanwhile waits or goes through, as the policy says.
func scannerGone() fault {
	return fault{
		name: "clamd", kinds: []rig.Kind{rig.SQLite}, bound: 3 * time.Minute, brief: true, needs: []string{"clamd"}, clock: true,
		crowd: crowd.Options{People: fileCrowd, Senders: fileSender, Pause: 20 * time.Millisecond},
		equip: func(s *scene) { s.server.Flags = []string{"--clamd", rig.ClamdSocket(s.data.Dir)} },
		disturb: func(ctx context.Context, s *scene) error {
			daemon, err := rig.StartClamd(ctx, s.data.Dir)
			if err != nil {
				return err
			}
			v := &virusWatch{s: s, daemon: daemon}
			s.later(func() error { return v.daemon.Stop() })
			if v.person, err = s.signIn(ctx, s.server.URL(), fileSender+1); err != nil {
				return err
			}
			if err := s.allowFiles(ctx, wire.UnscannedRefuse); err != nil {
				return err
			}
			for _, step := range []func(context.Context) error{v.finds, v.waits, v.refuses, v.lets, v.finds} {
				if err := step(ctx); err != nil {
					return err
				}
			}
			s.note("found and refused", float64(v.found), "")
			s.note("clean and taken", float64(v.taken), "")
			return nil
		},
	}
}

// virusWatch is somebody who sends files that are clean and files that are not.
type virusWatch struct {
	s            *scene
	daemon       *rig.Clamd
	person       rig.Person
	found, taken int
}

// finds: with the daemon there, what is harmful is refused and what is not is taken.
func (v *virusWatch) finds(ctx context.Context) error {
	for _, name := range []string{"파일.txt", "묶음.zip", "문서.docx"} {
		for _, harmful := range []bool{true, false} {
			id, err := v.send(ctx, name, harmful)
			if err == nil {
				err = v.ends(ctx, id, harmful)
			}
			if err != nil {
				return fmt.Errorf("%s, harmful %v: %w", name, harmful, err)
			}
		}
	}
	return nil
}

// waits: without the daemon files wait, as the policy says, and go on when it is back.
func (v *virusWatch) waits(ctx context.Context) error {
	if err := v.daemon.Kill(); err != nil {
		return err
	}
	clean, err := v.held(ctx, "기다림.txt", false)
	if err != nil {
		return err
	}
	harmful, err := v.held(ctx, "기다림.zip", true)
	if err != nil {
		return err
	}
	if v.daemon, err = rig.StartClamd(ctx, v.s.data.Dir); err != nil {
		return err
	}
	back := rig.Now()
	if err := errors.Join(v.ends(ctx, clean, false), v.ends(ctx, harmful, true)); err != nil {
		return fmt.Errorf("the scanner is back: %w", err)
	}
	v.s.goal("scanner back→files decided", ms(rig.Now().Sub(back)), "ms", 10_000)
	return nil
}

// refuses: what waited for too long is refused. The server's clock goes ahead, so that nobody has to wait.
func (v *virusWatch) refuses(ctx context.Context) error {
	if err := v.daemon.Kill(); err != nil {
		return err
	}
	id, err := v.held(ctx, "오래.txt", false)
	if err != nil {
		return err
	}
	if err := v.s.server.Tell("6m"); err != nil {
		return err
	}
	_, err = v.person.Ready(ctx, id)
	var refused *rig.RefusedError
	if !errors.As(err, &refused) || refused.Refusal.Reason != wire.ReasonFileUnscanned {
		return fmt.Errorf("the scanner was away for 6 minutes: %w", err)
	}
	v.s.note("refused after 6 min without it", 1, "")
	return v.s.server.Tell("0s")
}

// lets: the other policy lets through what nobody can look at, and the daemon is back afterwards.
func (v *virusWatch) lets(ctx context.Context) (err error) {
	if err := v.s.allowFiles(ctx, wire.UnscannedAllow); err != nil {
		return err
	}
	began := rig.Now()
	id, err := v.send(ctx, "그냥.txt", false)
	if err == nil {
		err = v.ends(ctx, id, false)
	}
	if err != nil {
		return fmt.Errorf("without the scanner, which is allowed: %w", err)
	}
	v.s.goal("let through, as allowed, after", ms(rig.Now().Sub(began)), "ms", 3000)
	v.daemon, err = rig.StartClamd(ctx, v.s.data.Dir)
	return err
}

// held sends a file, and returns when the server has tried in vain to have it looked at.
func (v *virusWatch) held(ctx context.Context, name string, harmful bool) (id string, err error) {
	const inVain = "a file could not be checked"
	log, err := v.s.server.Log()
	if err != nil {
		return "", err
	}
	before := strings.Count(log, inVain)
	if id, err = v.send(ctx, name, harmful); err != nil {
		return id, err
	}
	for strings.Count(log, inVain) == before {
		if !rig.Sleep(ctx, 20*time.Millisecond) {
			return id, fmt.Errorf("the server never missed its scanner: %w", ctx.Err())
		}
		if log, err = v.s.server.Log(); err != nil {
			return id, err
		}
	}
	status, err := v.person.Session.FileStatus(ctx, id)
	if err == nil && status.State != wire.FileChecking {
		err = fmt.Errorf("without the scanner %s is %s", name, status.State)
	}
	return id, err
}

func (v *virusWatch) send(ctx context.Context, name string, harmful bool) (id string, err error) {
	body, err := rig.Sample(filepath.Ext(name), harmful)
	if err != nil {
		return "", err
	}
	s := &rig.Sending{Upload: client.Upload{
		RoomUUID: v.s.crowd.Room(fileSender), Name: name, Size: body.Size(), SHA256: rig.SumOf(body), Content: body,
	}}
	err = v.person.SendFile(ctx, s)
	return s.FileID, err
}

// ends waits until a file is taken, or refused for what is in it.
func (v *virusWatch) ends(ctx context.Context, id string, harmful bool) error {
	_, err := v.person.Ready(ctx, id)
	if !harmful {
		v.taken++
		return err
	}
	var refused *rig.RefusedError
	if !errors.As(err, &refused) || refused.Refusal.Reason != wire.ReasonFileInfected {
		return fmt.Errorf("it was not found: %w", err)
	}
	v.found++
	return nil
}
