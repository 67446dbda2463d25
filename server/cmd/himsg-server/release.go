package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"himsg/server/internal/app"
	"himsg/server/internal/config"
	"himsg/server/internal/shelf"
	"himsg/shared/release"
)

func releaseKey(_ context.Context, c *config.CLI, t terminal) error {
	in := c.Release.Key
	passphrase, err := releasePassphrase(in.PassphraseStdin, t)
	if err != nil {
		return err
	}
	public, err := shelf.NewKey(in.File, passphrase)
	if err == nil {
		fmt.Fprintf(t.out, "%s\n", release.FormatKey(public))
		fmt.Fprintf(t.err, "the private key is in %s: who has it can have every app run what he likes. Keep it off the server.\n", in.File)
	}
	return err
}

func releasePublic(_ context.Context, c *config.CLI, t terminal) error {
	in := c.Release.Public
	passphrase, err := releasePassphrase(in.PassphraseStdin, t)
	if err != nil {
		return err
	}
	key, err := shelf.ReadKey(in.File, passphrase)
	if err != nil {
		return err
	}
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return shelf.ErrNoPrivateKey
	}
	fmt.Fprintf(t.out, "%s\n", release.FormatKey(public))
	return nil
}

func releasePassphrase(fromStdin bool, t terminal) (string, error) {
	if !fromStdin {
		return "", nil
	}
	return readPassword(t.in)
}

func releaseSign(_ context.Context, c *config.CLI, t terminal) error {
	in := c.Release.Sign
	passphrase, err := releasePassphrase(in.PassphraseStdin, t)
	if err != nil {
		return err
	}
	key, err := shelf.ReadKey(in.KeyFile, passphrase)
	if err != nil {
		return err
	}
	m, text, err := shelf.Sign(shelf.Draft{
		Paths: in.Files, Sequence: in.Sequence, Ring: in.Ring, MinVersion: in.MinVersion, Rollback: in.Rollback, Days: in.Days,
		Now: app.SystemClock(),
	}, key)
	if err != nil {
		return err
	}
	out := in.Out
	if out == "" {
		out = filepath.Join(filepath.Dir(in.Files[0]), "himsg-"+m.Version+shelf.ManifestSuffix)
	}
	if err := os.WriteFile(out, text, 0o644); err != nil { //nolint:gosec // G306: it is public
		return fmt.Errorf("write the manifest: %w", err)
	}
	fmt.Fprintf(t.out, "%s: version %s, number %d, %d files, until %s\n", out, m.Version, m.Sequence, len(m.Files), m.Expires.Format(time.DateOnly))
	return nil
}

func releaseAdd(ctx context.Context, c *config.CLI, t terminal) error {
	in := c.Release.Add
	keys, err := release.TrustedKeys(in.Keys)
	if err != nil {
		return fmt.Errorf("%w: --release-key: %w", config.ErrSettings, err)
	}
	r, err := releaseShelf(in.Data, t).Add(ctx, shelf.New{Paths: in.Paths, Keys: keys, Ring: in.Ring, Now: app.SystemClock()})
	if err == nil {
		fmt.Fprintf(t.out, "added: %s\n", releaseLine(r))
	}
	return err
}

func releaseList(_ context.Context, c *config.CLI, t terminal) error {
	list, err := releaseShelf(c.Release.List.Data, t).List()
	if err != nil {
		return err
	}
	for _, r := range list {
		fmt.Fprintln(t.out, releaseLine(r))
	}
	if len(list) == 0 {
		fmt.Fprintln(t.out, "no release")
	}
	return nil
}

func releaseLine(r shelf.Release) string {
	line := fmt.Sprintf("%s number %d, %d files, until %s", r.Version, r.Sequence, len(r.Files), r.Expires.Format(time.DateOnly))
	if r.Rollback {
		line += ", roll-back"
	}
	if r.MinVersion != "" {
		line += ", at least " + r.MinVersion
	}
	if r.Ring != "" {
		line += ", signed for " + r.Ring
	}
	if r.Offered != "" {
		line += ", offered to " + r.Offered
	}
	return line
}

func releaseOffer(_ context.Context, c *config.CLI, t terminal) error {
	in := c.Release.Offer
	s := releaseShelf(in.Data, t)
	sequence, err := s.ByVersion(in.Release)
	if err == nil {
		err = s.Offer(sequence, in.Ring)
	}
	if err != nil {
		return err
	}
	whom := "everybody"
	if in.Ring != "" {
		whom = in.Ring
	}
	fmt.Fprintf(t.out, "offered to %s: %s\n", whom, in.Release)
	return nil
}

func releaseRemove(_ context.Context, c *config.CLI, t terminal) error {
	in := c.Release.Remove
	s := releaseShelf(in.Data, t)
	sequence, err := s.ByVersion(in.Release)
	if err == nil {
		err = s.Remove(sequence)
	}
	if errors.Is(err, shelf.ErrUnknown) {
		return fmt.Errorf("%w: %s", err, in.Release)
	}
	if err == nil {
		fmt.Fprintf(t.out, "removed: %s\n", in.Release)
	}
	return err
}

func releaseShelf(data string, t terminal) *shelf.Shelf {
	return shelf.Open(data, logger(t, config.Store{LogFormat: "text"}))
}
