package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"himsg/server/internal/ops"
	"himsg/server/internal/shelf"
	"himsg/shared/release"
)

// soonExpired is how long before its end doctor warns of a manifest.
const soonExpired = 30 * 24 * time.Hour

// releases looks at the app's releases that the server hands out.
func (x examination) releases(ctx context.Context) []ops.Finding {
	keys, err := release.TrustedKeys(x.c.Keys)
	if err != nil {
		return one(ops.Bad("--release-key: %v", err))
	}
	within, cancel := context.WithTimeout(ctx, releaseTime)
	defer cancel()
	all, err := shelf.Open(x.c.Data, x.log).Check(within, keys, SystemClock())
	switch {
	case err != nil:
		return one(ops.Bad("%v", err))
	case len(all) == 0:
		return one(ops.OK("none: the download page is empty, and apps are not updated from here"))
	}
	var found []ops.Finding
	if len(keys) == 0 {
		found = one(ops.Warn("who signed them was not looked at: this build knows no public key of releases; name it with --release-key"))
	}
	for _, c := range all {
		found = append(found, x.release(c)...)
	}
	return found
}

// releaseTime bounds the reading of installers, so that what was found is said before doctor gives the check up.
const releaseTime = 30 * time.Second

// release judges one of them. What is of no use to an app, but is not handed out before a newer one either, is said all the same.
func (x examination) release(c shelf.Checked) []ops.Finding {
	name := fmt.Sprintf("number %d", c.Sequence)
	if c.Version != "" {
		name = fmt.Sprintf("%s (number %d)", c.Version, c.Sequence)
	}
	var found []ops.Finding
	for _, fault := range c.Faults {
		found = append(found, x.releaseFault(name, c, fault))
	}
	if c.Unchecked > 0 {
		found = append(found, ops.Warn("%s: %d of %d files were not looked at, the disk is too slow", name, c.Unchecked, len(c.Files)))
	}
	if len(found) > 0 {
		return found
	}
	until := c.Expires.Format(time.DateOnly)
	if c.Expires.Sub(SystemClock()) < soonExpired {
		return one(ops.Warn("%s is whole, but its manifest holds until %s only; sign and add it again with a higher number, or add a newer release",
			name, until))
	}
	return one(ops.OK("%s is whole, %d files, until %s", name, len(c.Files), until))
}

func (x examination) releaseFault(name string, c shelf.Checked, fault error) ops.Finding {
	again := fmt.Sprintf("take it away (release remove %d) and add it again", c.Sequence)
	switch {
	case errors.Is(fault, release.ErrSignature) && len(x.c.Keys) == 0:
		return ops.Warn("%s is signed by no key that this build knows: apps take it only if their policy (update_keys) names its key; "+
			"look with --release-key", name)
	case errors.Is(fault, release.ErrSignature):
		return ops.Bad("%s is signed by none of the keys given: apps with these keys do not take it", name)
	case errors.Is(fault, release.ErrExpired):
		return ops.Bad("%s: its manifest held until %s, and apps no longer take it; sign and add it again with a higher number, or add a newer release",
			name, c.Expires.Format(time.DateOnly))
	case c.Version == "":
		return ops.Bad("%s is not handed out, its manifest can't be used: %v; %s", name, fault, again)
	default:
		return ops.Bad("%s: %v; apps refuse it; %s", name, fault, again)
	}
}
