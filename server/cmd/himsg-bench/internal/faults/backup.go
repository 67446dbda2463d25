package faults

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
)

const (
	backupBound = 2 * time.Minute // for a backup, or a restore
	backupFiles = 40
)

// backedUp: the server is backed up while all write, and restored elsewhere. All that was acknowledged before the backup began
// is there, nothing stands half in it, and the bytes of all files are what they were.
func backedUp() fault {
	return backupOf(fault{name: "backup", kinds: []rig.Kind{rig.SQLite, rig.MariaDB}, brief: true})
}

// nodesBackedUp is the same of three servers, on whose machines the files are not.
func nodesBackedUp() fault {
	return backupOf(fault{name: "nodes-backup", kinds: []rig.Kind{rig.MariaDB, rig.Galera}, nodes: true})
}

func backupOf(f fault) fault {
	f.bound = 6 * time.Minute
	f.disturb = func(ctx context.Context, s *scene) error {
		if err := s.sendFiles(ctx, s.times(backupFiles, 5)); err != nil {
			return err
		}
		if err := s.working(ctx, s.times(5000, 500)); err != nil {
			return err
		}
		key := filepath.Join(s.data.Dir, "backup.key")
		recipient, err := s.command(ctx, "backup-key", key)
		if err != nil {
			return err
		}
		dir := filepath.Join(s.data.Dir, "backups")
		for range 2 { // the second one finds the files of the first
			if err := s.backUpAndCompare(ctx, dir, key, strings.TrimSpace(recipient)); err != nil {
				return err
			}
		}
		return nil
	}
	return f
}

// sendFiles has the first person send some files, of which each is another.
func (s *scene) sendFiles(ctx context.Context, n int) error {
	person, err := rig.SignInOne(ctx, s.url(), 1, nil)
	if err != nil {
		return err
	}
	defer person.Close()
	for i := range n {
		random := make([]byte, 1+i*5_000)
		_, _ = rand.Read(random)                      // it never fails
		content := []byte(hex.EncodeToString(random)) // what calls itself text must be text
		sum := sha256.Sum256(content)
		sending := &rig.Sending{Upload: client.Upload{
			RoomUUID: s.crowd.Room(0), Name: fmt.Sprintf("backup %d.txt", i), Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
			Content: bytes.NewReader(content),
		}}
		if err := person.SendFile(ctx, sending); err != nil {
			return err
		}
		if _, err := person.Ready(ctx, sending.FileID); err != nil {
			return err
		}
	}
	return nil
}

// command runs the server's program beside it, and returns what it prints.
func (s *scene) command(ctx context.Context, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, backupBound)
	defer cancel()
	var out, complaints bytes.Buffer
	cmd := exec.CommandContext(ctx, s.o.ServerBin, args...) //nolint:gosec // G204: the binary that the caller wants to try
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", args[0], err, complaints.String())
	}
	return out.String(), nil
}

func (s *scene) backUpAndCompare(ctx context.Context, dir, key, recipient string) error {
	before, err := judge.ReadLedgerSoFar(s.data.Dir)
	if err != nil {
		return err
	}
	begin := rig.Now()
	if _, err := s.command(ctx, append(s.dataOf("backup"), "--backup-dir", dir, "--backup-recipient", recipient)...); err != nil {
		return err
	}
	took := rig.Now().Sub(begin)
	during, err := judge.ReadLedgerSoFar(s.data.Dir)
	if err != nil {
		return err
	}
	elsewhere, err := os.MkdirTemp(s.data.Dir, "elsewhere-")
	if err != nil {
		return fmt.Errorf("make a directory: %w", err)
	}
	name := filepath.Base(elsewhere)
	driver, dsn := rig.SourceIn(elsewhere)
	place := []string{"--data", elsewhere}
	if s.data.Kind != rig.SQLite {
		name = strings.ReplaceAll(name, "-", "_")
		if driver, dsn, err = s.data.Scratch(ctx, name); err != nil {
			return err
		}
		place = append(place, "--database", "mysql://"+dsn)
	}
	begin = rig.Now()
	if _, err := s.command(ctx, append([]string{"restore", "--from", dir, "--key-file", key}, place...)...); err != nil {
		return err
	}
	restored := rig.Now().Sub(begin)
	stored, err := judge.ReadDatabase(ctx, driver, dsn)
	if err != nil {
		return err
	}
	// What was acknowledged while the backup ran may be in it or not; it is no stranger there.
	entries := before
	for _, e := range during[len(before):] {
		if e.What == judge.Sent {
			entries = append(entries, e)
		}
	}
	verdict := judge.Judge(entries, stored, nil)
	if verdict.Acked == 0 {
		return errors.New("nothing was acknowledged before the backup")
	}
	s.row.Add(verdict)
	written, err := bytesIn(dir)
	if err != nil {
		return err
	}
	s.note("acked before", float64(verdict.Acked), "")
	s.note("acked meanwhile", float64(len(during)-len(before)), "entries")
	s.goal("backup", ms(took), "ms", ms(backupBound))
	s.goal("restore", ms(restored), "ms", ms(backupBound))
	s.note("kept", float64(written>>10), "KiB")
	return nil
}

// dataOf is one of the program's commands for the servers' data.
func (s *scene) dataOf(command string) []string {
	args := append([]string{command}, s.data.Args()...)
	if s.many != nil {
		args = append(args, "--files", s.many.files)
	}
	return args
}

func bytesIn(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}
