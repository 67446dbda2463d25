package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file keeps accounts in step with the company's own directory. What comes from there wins over what was changed here;
// what it does not know (an empty field) stays as it is here.

// Outside is the company's own directory.
type Outside interface {
	// People gives everybody, in pages, to take and stops at its error. It is all or an error: nobody is taken for gone
	// because a list broke off.
	People(ctx context.Context, take func([]model.OutsidePerson) error) (OutsideRead, error)
}

// OutsideRead is what reading everybody came to.
type OutsideRead struct {
	People  int
	Skipped int // without a usable key, name or user name
}

// OutsideAccount is an account that follows the outside.
type OutsideAccount struct {
	Key    string
	Digest string // of what was taken over last; empty: it was changed here since
	State  wire.UserState
}

// OutsidePut is people to take over.
type OutsidePut struct {
	Source  string
	People  []model.OutsidePerson
	Digests []string // of each
	Link    bool     // accounts of this server with the same user name and number become theirs, but for owners
	Roles   bool     // roles come from the outside too
}

// OutsideProblem is somebody who could not be taken over.
type OutsideProblem struct {
	Key      string
	Username string
	Reason   wire.Reason
}

// Mirroring stores accounts that follow the outside. Every method is one transaction, its audit entry included.
type Mirroring interface {
	// OutsideAccounts lists the accounts of a source, those that were deleted here among them: they stay so.
	OutsideAccounts(ctx context.Context, source string) ([]OutsideAccount, error)
	// OutsideUser returns the account behind a key; not_found otherwise.
	OutsideUser(ctx context.Context, source, key string) (model.User, error)
	// PutOutside makes and changes accounts. Who is shut outside is disabled, and enabled when he is open again, unless an
	// administrator disabled him here. A name that somebody else holds is a problem of that one person, and so is that he was
	// deleted here (disabled).
	PutOutside(ctx context.Context, by By, put OutsidePut) (Outcome, []OutsideProblem, error)
	// LeaveOutside disables accounts of a source: the outside does not know them any more.
	LeaveOutside(ctx context.Context, by By, source string, keys []string) (Outcome, error)
}

// MirrorOptions says how to follow an outside.
type MirrorOptions struct {
	Source     string
	Link       bool
	Roles      bool
	MaxLeavers int // percent of the active accounts of the source that may be disabled at once; a handful always may
	Lease      model.Lease
}

// Mirrored is what one run came to.
type Mirrored struct {
	OutsideRead
	Changed  int // people who were taken over anew or changed
	Left     int // accounts that were disabled: the outside does not know them any more
	Problems []OutsideProblem
}

const (
	mirrorChunk = 200
	// fewLeavers may always leave at once, however small the company is.
	fewLeavers = 5
)

// ErrTooManyLeave says that nobody was disabled: so many at once are a mistake, likelier than not.
var ErrTooManyLeave = errors.New("too many people are gone from the company's directory at once; nobody was disabled")

// Mirror reads the outside once and brings the accounts in step. Repeating is harmless, and so is stopping in the middle.
func (s *Service) Mirror(ctx context.Context, outside Outside, o MirrorOptions) (Mirrored, error) {
	known, err := s.followed(ctx, o.Source)
	if err != nil {
		return Mirrored{}, err
	}
	var done Mirrored
	seen := make(map[string]bool, len(known))
	put := OutsidePut{Source: o.Source, Link: o.Link, Roles: o.Roles}
	done.OutsideRead, err = outside.People(ctx, func(page []model.OutsidePerson) error {
		for _, p := range page {
			if seen[p.Key] {
				continue // twice on the list, or there while the list moved on
			}
			seen[p.Key] = true
			digest := digestOf(p, o.Roles)
			account, ok := known[p.Key]
			if ok && (account.Digest == digest || account.State == wire.UserDeleted) || !ok && p.Disabled {
				continue
			}
			p.Department = slices.Clone(p.Department)
			put.People, put.Digests = append(put.People, p), append(put.Digests, digest)
		}
		return nil
	})
	if err != nil {
		return done, fmt.Errorf("read the company's directory: %w", err)
	}
	if err := s.putAll(ctx, o.Lease, put, &done); err != nil {
		return done, err
	}
	err = s.leave(ctx, o, known, seen, &done)
	return done, err
}

func (s *Service) followed(ctx context.Context, source string) (map[string]OutsideAccount, error) {
	accounts, err := s.o.Store.OutsideAccounts(ctx, source)
	if err != nil {
		return nil, fmt.Errorf("read accounts of the company's directory: %w", err)
	}
	known := make(map[string]OutsideAccount, len(accounts))
	for _, a := range accounts {
		known[a.Key] = a
	}
	return known, nil
}

func (s *Service) putAll(ctx context.Context, lease model.Lease, put OutsidePut, done *Mirrored) error {
	for start := 0; start < len(put.People); start += mirrorChunk {
		part := put
		end := min(start+mirrorChunk, len(put.People))
		part.People, part.Digests = put.People[start:end], put.Digests[start:end]
		by, err := s.by(model.Actor{}, model.AuditMirrored, "", nil)
		if err != nil {
			return err
		}
		by.Lease = lease
		out, problems, err := s.o.Store.PutOutside(ctx, by, part)
		if err != nil {
			return fmt.Errorf("take over people of the company's directory: %w", err)
		}
		s.tell(ctx, out)
		done.Changed += len(out.Users)
		done.Problems = append(done.Problems, problems...)
	}
	return nil
}

func (s *Service) leave(
	ctx context.Context, o MirrorOptions, known map[string]OutsideAccount, seen map[string]bool, done *Mirrored,
) error {
	var gone []string
	active := 0
	for key, account := range known {
		if account.State != wire.UserActive {
			continue
		}
		active++
		if !seen[key] {
			gone = append(gone, key)
		}
	}
	if len(gone) > max(fewLeavers, active*o.MaxLeavers/100) {
		return fmt.Errorf("%w: %d of %d", ErrTooManyLeave, len(gone), active)
	}
	slices.Sort(gone)
	for chunk := range slices.Chunk(gone, mirrorChunk) {
		by, err := s.by(model.Actor{}, model.AuditMirrored, "", nil)
		if err != nil {
			return err
		}
		by.Lease = o.Lease
		out, err := s.o.Store.LeaveOutside(ctx, by, o.Source, chunk)
		if err != nil {
			return fmt.Errorf("disable who left the company's directory: %w", err)
		}
		s.tell(ctx, out)
		done.Left += len(out.Users)
	}
	return nil
}

var textTaken = errs.Text{
	KO: "같은 아이디, 이메일 또는 사번의 계정이 이미 있습니다. 관리자에게 문의해주세요.",
	EN: "There is another account with this user name, e-mail address or number. Please ask an administrator.",
}

// Arrive brings one account in step with what the outside said of its person just now, makes it if it is new, and returns it.
// wire.Conflict when a name of his belongs to somebody else here, wire.Forbidden (disabled) when he was deleted here.
func (s *Service) Arrive(ctx context.Context, o MirrorOptions, p model.OutsidePerson) (model.User, error) {
	by, err := s.by(model.Actor{}, model.AuditMirrored, "", nil)
	if err != nil {
		return model.User{}, err
	}
	out, problems, err := s.o.Store.PutOutside(ctx, by, OutsidePut{
		Source: o.Source, People: []model.OutsidePerson{p}, Digests: []string{digestOf(p, o.Roles)}, Link: o.Link, Roles: o.Roles,
	})
	if err != nil {
		return model.User{}, fmt.Errorf("take over a person: %w", err)
	}
	s.tell(ctx, out)
	if len(problems) > 0 && problems[0].Reason == wire.ReasonDisabled {
		return model.User{}, errs.E(wire.Forbidden, wire.ReasonDisabled, errs.Text{})
	}
	if len(problems) > 0 {
		s.o.Logger.WarnContext(ctx, "a person of the company's directory has no account: a name is taken",
			slog.String("source", o.Source), slog.String("reason", string(problems[0].Reason)))
		return model.User{}, errs.E(wire.Conflict, problems[0].Reason, textTaken)
	}
	u, err := s.o.Store.OutsideUser(ctx, o.Source, p.Key)
	if err != nil {
		return u, fmt.Errorf("read an account: %w", err)
	}
	return u, nil
}

// digestOf is equal for what would be taken over equally.
func digestOf(p model.OutsidePerson, roles bool) string {
	if !roles {
		p.Role = ""
	}
	text, err := json.Marshal(p)
	if err != nil {
		return "" // texts and a bool: it can't happen, and would only mean that he is taken over again
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
