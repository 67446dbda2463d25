package config

import (
	"fmt"

	"himsg/shared/release"
)

// Release groups the commands about the app's installers and updates. Key, Public and Sign are for who makes releases, on a
// machine that need not be the server; the others are for who runs the server.
type Release struct {
	Key    ReleaseKey    `cmd:"" help:"Make the key pair of releases: the private key goes into a file, the public one is printed."`
	Public ReleasePublic `cmd:"" help:"Print the public key of a private one."`
	Sign   ReleaseSign   `cmd:"" help:"Sign the installers of one version: makes the manifest that apps take updates by."`
	Add    ReleaseAdd    `cmd:"" help:"Check installers and their manifest, and hand them out from now on."`
	List   ReleaseList   `cmd:"" help:"List what is handed out, the newest first."`
	Offer  ReleaseOffer  `cmd:"" help:"Offer a release to everybody, or with --ring to some."`
	Remove ReleaseRemove `cmd:"" help:"Hand a release out no longer."`
}

// ReleaseKey names the file of a new private key.
type ReleaseKey struct {
	File            string `arg:"" help:"File for the private key; it must not exist. Keep it off the server."`
	PassphraseStdin bool   `help:"Read a passphrase from standard input and encrypt the key with it."`
}

// ReleasePublic names a private key.
type ReleasePublic struct {
	File            string `arg:"" help:"File of the private key."`
	PassphraseStdin bool   `help:"Read the key's passphrase from standard input."`
}

// ReleaseSign says what is signed, and for whom.
type ReleaseSign struct {
	Files           []string `arg:"" type:"existingfile" help:"The app's installers, named as make installers does."`
	KeyFile         string   `required:"" placeholder:"FILE" help:"The private key."`
	PassphraseStdin bool     `help:"Read the key's passphrase from standard input."`
	Out             string   `placeholder:"FILE" help:"The manifest; without it himsg-VERSION.update.json beside the first installer."`
	Sequence        int64    `placeholder:"N" help:"The manifest's number: apps take none with a smaller one than they have seen. Without it the time, in seconds."`
	Days            int      `name:"valid-days" default:"365" help:"How long apps take it, 1 to 1825."`
	MinVersion      string   `placeholder:"VERSION" help:"The oldest version of the app that may still work with a server that hands this out."`
	Ring            string   `placeholder:"RING" help:"Only apps with this ring in their policy take it."`
	Rollback        bool     `help:"Apps of a newer version go back to this one."`
}

// Validate implements kong's check after parsing.
func (r *ReleaseSign) Validate() error {
	switch {
	case r.Days < 1 || r.Days > 1825:
		return fmt.Errorf("--valid-days must be 1 to 1825, not %d", r.Days)
	case r.Sequence < 0:
		return fmt.Errorf("--sequence must not be negative")
	case r.MinVersion != "" && !release.IsVersion(r.MinVersion):
		return fmt.Errorf("--min-version must be three numbers such as 1.2.3, not %q", r.MinVersion)
	}
	return checkRing(r.Ring)
}

// Shelf says where the data is; releases need no database.
type Shelf struct {
	Data string `required:"" placeholder:"DIR" help:"Directory of the data."`
}

// ReleaseAdd names what is to be handed out.
type ReleaseAdd struct {
	Shelf
	Paths []string `arg:"" help:"A folder with the release, or its files: the manifest (….update.json) and the installers that it names."`
	Keys  []string `name:"release-key" placeholder:"KEY" help:"Public key (ed25519:…) that must have signed; without it the one that this build was made with. Can be given several times."`
	Ring  string   `placeholder:"RING" help:"Offer it to apps with this ring in their policy only."`
}

// Validate implements kong's check after parsing.
func (r *ReleaseAdd) Validate() error { return checkRing(r.Ring) }

// ReleaseList has no settings of its own.
type ReleaseList struct{ Shelf }

// ReleaseOffer says to whom a release is offered.
type ReleaseOffer struct {
	Shelf
	Release string `arg:"" help:"Its version, or its number."`
	Ring    string `placeholder:"RING" help:"Apps with this ring in their policy only; without it everybody for whom it was signed."`
}

// Validate implements kong's check after parsing.
func (r *ReleaseOffer) Validate() error { return checkRing(r.Ring) }

// ReleaseRemove names a release.
type ReleaseRemove struct {
	Shelf
	Release string `arg:"" help:"Its version, or its number."`
}

func checkRing(ring string) error {
	if ring != "" && !release.IsRing(ring) {
		return fmt.Errorf("--ring may hold small letters, digits and -, at most 32, not %q", ring)
	}
	return nil
}
