package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file keeps accounts in step with the company's own directory: directory.Mirroring.

// OutsideAccounts implements directory.Mirroring.
func (db *DB) OutsideAccounts(ctx context.Context, source string) (accounts []directory.OutsideAccount, err error) {
	err = db.read(ctx, "outside accounts", func(q querier) error {
		accounts, err = collect(ctx, q, func(row scanner) (a directory.OutsideAccount, err error) {
			err = row.Scan(&a.Key, &a.Digest, &a.State)
			return a, err
		}, `
			select outside_key, outside_digest, state
			from users
			where source = ? and outside_key is not null`, source)
		return err
	})
	return accounts, err
}

// OutsideUser implements directory.Mirroring.
func (db *DB) OutsideUser(ctx context.Context, source, key string) (u model.User, err error) {
	err = db.read(ctx, "outside user", func(q querier) error {
		u, err = scanAccount(q.QueryRowContext(ctx, "select "+accountColumns+accountTables+`
			where u.source = ? and u.outside_key = ? and u.state <> 'deleted'`, source, key))
		return err
	})
	return u, err
}

// mirroring is one transaction of PutOutside or LeaveOutside.
type mirroring struct {
	*treeChange
	put      directory.OutsidePut
	problems []directory.OutsideProblem
	did      mirrored
}

// mirrored is what the audit entry tells: UUIDs of accounts.
type mirrored struct {
	Created  []string `json:"created,omitempty"`
	Linked   []string `json:"linked,omitempty"`
	Disabled []string `json:"disabled,omitempty"`
	Enabled  []string `json:"enabled,omitempty"`
	Roles    []string `json:"roles,omitempty"`
	Changed  int      `json:"changed,omitempty"`
}

// mirror runs do; what it did is the audit entry, unless nothing changed.
func (db *DB) mirror(
	ctx context.Context, op string, by directory.By, put directory.OutsidePut, do func(ctx context.Context, m *mirroring) error,
) (directory.Outcome, []directory.OutsideProblem, error) {
	var problems []directory.OutsideProblem
	out, err := db.changeTree(ctx, op, by, func(ctx context.Context, c *treeChange) error {
		m := &mirroring{treeChange: c, put: put}
		if err := db.fence(ctx, c.tx, by.Lease); err != nil {
			return err
		}
		if err := do(ctx, m); err != nil {
			return err
		}
		problems = m.problems
		if len(c.out.Users) == 0 {
			c.by.Entry.Action = ""
			return nil
		}
		detail, err := json.Marshal(m.did)
		if err != nil {
			return fmt.Errorf("encode audit detail: %w", err)
		}
		c.by.Entry.Subject, c.by.Entry.Detail = put.Source, string(detail)
		return nil
	})
	return out, problems, err
}

// PutOutside implements directory.Mirroring.
func (db *DB) PutOutside(
	ctx context.Context, by directory.By, put directory.OutsidePut,
) (directory.Outcome, []directory.OutsideProblem, error) {
	return db.mirror(ctx, "put outside", by, put, func(ctx context.Context, m *mirroring) error {
		for i, p := range put.People {
			err := m.one(ctx, p, put.Digests[i])
			if refusal := errs.As(err); err != nil && refusal.Code != wire.Internal && refusal.Code != wire.Unavailable {
				m.problems = append(m.problems, directory.OutsideProblem{Key: p.Key, Username: p.Username, Reason: refusal.Reason})
				continue
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// one takes one person over. It refuses before it writes anything.
func (m *mirroring) one(ctx context.Context, p model.OutsidePerson, digest string) error {
	was, shut, err := m.account(ctx, p)
	if err != nil {
		return err
	}
	if was.State == wire.UserDeleted {
		return errs.E(wire.Forbidden, wire.ReasonDisabled, errs.Text{})
	}
	fresh := was.ID == 0
	if fresh && p.Disabled {
		return nil
	}
	u := was
	if fresh {
		u = model.User{
			UUID: uuid.NewString(), Role: wire.RoleUser, State: wire.UserActive, CreatedAt: m.now, UpdatedAt: m.now, DecidedAt: m.now,
		}
	}
	fill(&u, p)
	if m.put.Roles && p.Role != "" {
		u.Role = p.Role
	}
	shut = follow(&u, p.Disabled, shut)
	if err := keepsCompanyOwner(ctx, m.tx, was, u); err != nil {
		return err
	}
	if err := m.freeFor(ctx, u); err != nil {
		return err
	}
	if err := m.place(ctx, &u, p.Department); err != nil {
		return err
	}
	return m.store(ctx, was, u, outsideColumns{p.Key, digest, shut})
}

// follow shuts an account that is shut outside, and opens it again if nobody here had shut it. It returns whether the outside
// holds it shut.
func follow(u *model.User, disabled, shut bool) bool {
	switch {
	case disabled && u.State == wire.UserActive:
		u.State = wire.UserDisabled
		return true
	case !disabled && u.State == wire.UserDisabled && shut:
		u.State = wire.UserActive
		return false
	}
	return shut
}

// fill writes what the outside knows over what is here.
func fill(u *model.User, p model.OutsidePerson) {
	for _, f := range []struct {
		into *string
		from string
	}{
		{&u.Username, p.Username},
		{&u.Name, p.Name},
		{&u.EmployeeID, p.EmployeeID},
		{&u.Email, p.Email},
		{&u.Phone, p.Phone},
		{&u.Position, p.Position},
		{&u.Grade, p.Grade},
	} {
		if f.from != "" {
			*f.into = f.from
		}
	}
}

// account finds the account of a person: his own, or one that he may take over. None: an ID of 0.
func (m *mirroring) account(ctx context.Context, p model.OutsidePerson) (u model.User, shut bool, err error) {
	const own = "u.source = ? and u.outside_key = ?"
	u, err = scanAccount(m.tx.QueryRowContext(ctx, "select "+accountColumns+accountTables+"where "+own, m.put.Source, p.Key))
	if err == nil {
		err = m.tx.QueryRowContext(ctx, "select outside_shut from users where id = ?"+m.db.d.forUpdate, u.ID).Scan(&shut)
		return u, shut, err
	}
	if !errs.Is(err, wire.NotFound) {
		return u, false, err
	}
	if !m.put.Link || p.EmployeeID == "" {
		return model.User{}, false, nil
	}
	// An owner stays this server's own, so that a company that loses its directory keeps a way in.
	u, err = scanAccount(m.tx.QueryRowContext(ctx, "select "+accountColumns+accountTables+`
		where u.username_key = ? and u.employee_id_key = ? and u.source = '' and u.role <> 'owner' and u.state in ('active', 'disabled')`,
		model.Key(p.Username), model.Key(p.EmployeeID)))
	if errs.Is(err, wire.NotFound) {
		return model.User{}, false, nil
	}
	return u, false, err
}

// place puts a person into the department at the end of a path, which is made as far as it is missing. Without a path he stays
// where he is. A path that the tree can't take leaves him where he is too.
func (m *mirroring) place(ctx context.Context, u *model.User, path []string) error {
	if len(path) == 0 {
		return nil
	}
	var d *model.Department
	for _, name := range path {
		parent := int64(0)
		if d != nil {
			parent = d.ID
		}
		next := m.tree.named(parent, name)
		if next == nil {
			var err error
			if next, err = m.create(ctx, uuid.NewString(), parent, name); err != nil {
				return err
			}
		}
		d = next
	}
	if u.DepartmentID != d.ID {
		m.placeUser(u, d)
	}
	return nil
}

// outsideColumns are those that no other code reads.
type outsideColumns struct {
	key    string
	digest string
	shut   bool
}

// store writes the account, and ends or wakes its sessions.
func (m *mirroring) store(ctx context.Context, was, u model.User, o outsideColumns) (err error) {
	switch {
	case was.ID == 0:
		if u.Rev, err = m.nextRev(ctx); err != nil {
			return err
		}
		if u.ID, err = insertAccount(ctx, m.tx, u, ""); err != nil {
			return err
		}
		m.touch(u.DepartmentID)
		m.out.Users = append(m.out.Users, u)
		m.did.Created = append(m.did.Created, u.UUID)
	case sameAccount(was, u):
	default:
		if was.State != u.State {
			m.touch(u.DepartmentID)
		}
		if err := m.storeUser(ctx, u); err != nil {
			return err
		}
		m.did.Changed++
	}
	_, err = m.tx.ExecContext(ctx, `
		update users
		set source = ?, outside_key = ?, outside_digest = ?, outside_shut = ?, role = ?, password_hash = ''
		where id = ?`, m.put.Source, o.key, o.digest, o.shut, u.Role, u.ID)
	if err != nil {
		return fmt.Errorf("store what is outside of an account: %w", err)
	}
	return m.sessions(ctx, was, u)
}

// sameAccount reports whether clients would see no difference.
func sameAccount(a, b model.User) bool {
	a.UpdatedAt, a.Rev = b.UpdatedAt, b.Rev
	return a == b
}

// sessions ends those of who may not be here any more, and has those read anew whose account may do something else.
func (m *mirroring) sessions(ctx context.Context, was, u model.User) error {
	switch {
	case was.ID == 0:
		return nil
	case was.Source == "":
		m.did.Linked = append(m.did.Linked, u.UUID)
	case was.State == u.State && was.Role == u.Role:
		return nil
	}
	if was.State != u.State && u.State == wire.UserActive {
		m.did.Enabled = append(m.did.Enabled, u.UUID)
	}
	if was.State != u.State && u.State == wire.UserDisabled {
		m.did.Disabled = append(m.did.Disabled, u.UUID)
	}
	if was.Role != u.Role {
		m.did.Roles = append(m.did.Roles, u.UUID)
	}
	ended, reread, err := m.db.sessionsAfter(ctx, m.tx, u, m.by.Entry)
	m.out.Sessions = append(m.out.Sessions, ended...)
	m.out.Reread = append(m.out.Reread, reread...)
	return err
}

// LeaveOutside implements directory.Mirroring.
func (db *DB) LeaveOutside(ctx context.Context, by directory.By, source string, keys []string) (directory.Outcome, error) {
	put := directory.OutsidePut{Source: source}
	out, _, err := db.mirror(ctx, "leave outside", by, put, func(ctx context.Context, m *mirroring) error {
		for _, key := range keys {
			was, _, err := m.account(ctx, model.OutsidePerson{Key: key})
			if err != nil {
				return err
			}
			if was.ID == 0 || was.State != wire.UserActive {
				continue
			}
			u := was
			u.State = wire.UserDisabled
			// The last owner stays: somebody must be able to put it right.
			if err := keepsCompanyOwner(ctx, m.tx, was, u); errs.Is(err, wire.Conflict) {
				continue
			} else if err != nil {
				return err
			}
			// Without a digest he is taken over anew when he comes back.
			if err := m.store(ctx, was, u, outsideColumns{key, "", true}); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}
