package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"himsg/server/internal/auth"
	"himsg/server/internal/config"
	"himsg/server/internal/directory"
	"himsg/server/internal/directory/ldapdir"
	"himsg/server/internal/directory/oidcdir"
	"himsg/server/internal/model"
	"himsg/server/internal/ops"
	"himsg/shared/wire"
)

// outside is what the company has of its own: a directory, a sign-in server. Either is nil when there is none.
type outside struct {
	ldap *ldapdir.Dir
	oidc *oidcdir.Dir
}

func openOutside(o Options) (out outside, err error) {
	if c := o.Config.LDAP; c.URL != "" {
		if out.ldap, err = openLDAP(c); err != nil {
			return out, err
		}
	}
	if c := o.Config.OIDC; c.Issuer != "" {
		out.oidc, err = openOIDC(c, o.Now)
	}
	return out, err
}

func openLDAP(c config.LDAP) (*ldapdir.Dir, error) {
	password, err := secretOf(c.PasswordFile)
	if err != nil {
		return nil, err
	}
	return ldapdir.New(ldapdir.Settings{
		URL: c.URL, StartTLS: c.StartTLS, CAFile: c.CA, BindDN: c.BindDN, BindPassword: password, BaseDN: c.Base,
		Schema: c.Schema, Filter: c.Filter, Attributes: c.Attributes, DepartmentFrom: c.DepartmentFrom, OnlyGroup: c.OnlyGroup,
		Groups: rolesOf(c.OwnerGroup, c.AdminGroup, c.AuditorGroup),
	})
}

func openOIDC(c config.OIDC, now func() time.Time) (*oidcdir.Dir, error) {
	secret, err := secretOf(c.SecretFile)
	if err != nil {
		return nil, err
	}
	return oidcdir.New(oidcdir.Settings{
		Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: secret, CAFile: c.CA, Scopes: c.Scopes, Claims: c.Claims,
		OnlyGroup: c.OnlyGroup, Groups: rolesOf(c.OwnerGroup, c.AdminGroup, c.AuditorGroup),
	}, now)
}

func rolesOf(owners, admins, auditors string) map[wire.UserRole]string {
	groups := map[wire.UserRole]string{wire.RoleOwner: owners, wire.RoleAdmin: admins, wire.RoleAuditor: auditors}
	for role, group := range groups {
		if group == "" {
			delete(groups, role)
		}
	}
	return groups
}

// maxSecret bounds a file with a password. A larger one is not what was meant.
const maxSecret = 4 << 10

// secretOf reads the one line of a file.
func secretOf(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	text, err := os.ReadFile(path) //nolint:gosec // the path is a setting of the operator
	if err != nil {
		return "", fmt.Errorf("read a password: %w", err)
	}
	secret := strings.TrimRight(string(text), "\r\n")
	if secret == "" || len(secret) > maxSecret || strings.ContainsAny(secret, "\r\n") {
		return "", fmt.Errorf("%s must hold one line, the password", path)
	}
	return secret, nil
}

// passwords and browser keep nil what is nil: an interface around a nil pointer is not.
func (o outside) passwords() auth.Outside {
	if o.ldap == nil {
		return nil
	}
	return o.ldap
}

func (o outside) browser() auth.Browser {
	if o.oidc == nil {
		return nil
	}
	return o.oidc
}

func (o outside) ways(c config.Serve) wire.SignInWays {
	return wire.SignInWays{Directory: o.ldap != nil, Browser: o.oidc != nil, BrowserName: c.OIDC.Name}
}

// mirrorOf says how accounts of a source follow it.
func (a *App) mirrorOf(source string) directory.MirrorOptions {
	l, o := a.o.Config.LDAP, a.o.Config.OIDC
	if source == model.SourceLDAP {
		return directory.MirrorOptions{
			Source: source, Link: l.Link, MaxLeavers: l.MaxLeavers, Roles: l.OwnerGroup+l.AdminGroup+l.AuditorGroup != "",
		}
	}
	return directory.MirrorOptions{Source: source, Link: o.Link, Roles: o.OwnerGroup+o.AdminGroup+o.AuditorGroup != ""}
}

func (a *App) arrive(ctx context.Context, source string, p model.OutsidePerson) (model.User, error) {
	return a.people.Arrive(ctx, a.mirrorOf(source), p)
}

// mirror keeps people in step with the company's directory until ctx ends.
func (a *App) mirror(ctx context.Context, lease model.Lease) {
	if a.outside.ldap == nil {
		return
	}
	again := time.NewTicker(a.o.Config.LDAP.Every)
	defer again.Stop()
	for {
		a.mirrorOnce(ctx, lease)
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}

// maxTold is how many problems of one run the log names.
const maxTold = 20

func (a *App) mirrorOnce(ctx context.Context, lease model.Lease) {
	log := a.o.Logger
	how := a.mirrorOf(model.SourceLDAP)
	how.Lease = lease
	done, err := a.people.Mirror(ctx, a.outside.ldap, how)
	a.mirrored.note(a.o.Now(), done, err)
	switch {
	case ctx.Err() != nil:
		return
	case errors.Is(err, directory.ErrTooManyLeave):
		log.ErrorContext(ctx, "people were not disabled; raise --ldap-max-leavers if they left indeed", slog.Any("error", err))
	case err != nil:
		log.WarnContext(ctx, "the company's directory was not read to its end", slog.Any("error", err))
	}
	for _, p := range done.Problems[:min(len(done.Problems), maxTold)] {
		log.WarnContext(ctx, "a person of the company's directory has no account", slog.String("key", p.Key),
			slog.String("reason", string(p.Reason)))
	}
	if done.Changed+done.Left > 0 {
		log.InfoContext(ctx, "in step with the company's directory", slog.Int("people", done.People), slog.Int("changed", done.Changed),
			slog.Int("left", done.Left), slog.Int("skipped", done.Skipped), slog.Int("problems", len(done.Problems)))
	}
}

func (x examination) directory(ctx context.Context) []ops.Finding {
	if x.c.LDAP.URL == "" {
		return one(ops.OK("no --ldap-url: accounts are this server's own"))
	}
	d, err := openLDAP(x.c.LDAP)
	if err == nil {
		err = d.Ping(ctx)
	}
	if err != nil {
		return one(ops.Bad("%v", err))
	}
	return one(ops.OK("%s answers", x.c.LDAP.URL))
}

func (x examination) signIn(ctx context.Context) []ops.Finding {
	if x.c.OIDC.Issuer == "" {
		return one(ops.OK("no --oidc-issuer: nobody signs in by the browser"))
	}
	d, err := openOIDC(x.c.OIDC, SystemClock)
	if err == nil {
		err = d.Ping(ctx)
	}
	if err != nil {
		return one(ops.Bad("%v", err))
	}
	return one(ops.OK("%s answers", x.c.OIDC.Issuer))
}
