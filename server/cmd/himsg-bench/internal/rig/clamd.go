package rig

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	clamdStart = 30 * time.Second
	clamdStop  = 20 * time.Second
)

// eicar is the text that all scanners agree to find (eicar.org), in two parts so that none finds this program.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-` + `STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// Clamd is a private daemon of ClamAV that knows one signature, of our own: no database is fetched, and Debian's service is
// left alone.
type Clamd struct{ cmd *exec.Cmd }

// ClamdSocket is where a daemon of a directory listens, whether it runs or not.
func ClamdSocket(dir string) string { return filepath.Join(dir, "clamd.sock") }

// StartClamd starts one and returns when it answers.
func StartClamd(ctx context.Context, dir string) (*Clamd, error) {
	db, conf := filepath.Join(dir, "clamd"), filepath.Join(dir, "clamd.conf")
	if err := os.MkdirAll(db, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder of signatures: %w", err)
	}
	signature := "Eicar-Test-Signature:0:*:" + hex.EncodeToString([]byte(eicar)) + "\n"
	settings := []string{
		"Foreground yes", "LocalSocket " + ClamdSocket(dir), "DatabaseDirectory " + db,
		"LogFile " + filepath.Join(dir, "clamd.log"), "TemporaryDirectory " + dir, "StreamMaxLength 100M",
	}
	err := os.WriteFile(filepath.Join(db, "own.ndb"), []byte(signature), 0o600)
	if err == nil {
		err = os.WriteFile(conf, []byte(strings.Join(settings, "\n")+"\n"), 0o600)
	}
	if err == nil {
		err = os.RemoveAll(ClamdSocket(dir)) // of one that was killed
	}
	if err != nil {
		return nil, fmt.Errorf("set up clamd: %w", err)
	}
	c := &Clamd{cmd: exec.Command("clamd", "--config-file="+conf)} //nolint:gosec,noctx // G204: ours; Stop and Kill end it
	c.cmd.SysProcAttr = EndWithParent()
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start clamd: %w", err)
	}
	if err := answers(ctx, ClamdSocket(dir)); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "clamd.log")) //nolint:gosec // G304: ours; it may be missing
		return nil, errors.Join(fmt.Errorf("clamd does not answer: %w: %s", err, log), c.Kill())
	}
	return c, nil
}

// answers waits until somebody takes connections.
func answers(ctx context.Context, socket string) error {
	ctx, cancel := context.WithTimeout(ctx, clamdStart)
	defer cancel()
	for {
		var d net.Dialer
		c, err := d.DialContext(ctx, "unix", socket)
		if err == nil {
			return c.Close()
		}
		if !Sleep(ctx, 20*time.Millisecond) {
			return err
		}
	}
}

// Kill ends it with kill -9.
func (c *Clamd) Kill() error {
	if err := c.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("kill clamd: %w", err)
	}
	_ = c.cmd.Wait() // it was killed
	return nil
}

// Stop ends it in order. One that was killed, or never started, has ended.
func (c *Clamd) Stop() error {
	if c == nil || c.cmd.ProcessState != nil {
		return nil
	}
	return terminate(c.cmd, clamdStop)
}
