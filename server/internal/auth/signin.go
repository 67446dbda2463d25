package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// badCredentials is the one answer to an unknown name and to a wrong password.
func badCredentials() error {
	return errs.E(wire.Unauthenticated, wire.ReasonBadCredentials,
		text("아이디 또는 비밀번호가 올바르지 않습니다.", "The user name or the password is wrong."))
}

// mayNot says, after the right password, why an account may not come in.
var mayNot = map[wire.UserState]*errs.Error{
	wire.UserPending: errs.E(wire.Forbidden, wire.ReasonPending,
		text("관리자 승인 대기 중입니다.", "An administrator still has to approve your sign-up.")),
	wire.UserRejected: errs.E(wire.Forbidden, wire.ReasonRejected,
		text("회원가입이 반려되었습니다. 다시 회원가입해주세요.", "Your sign-up was rejected. Please sign up again.")),
	wire.UserDisabled: errs.E(wire.Forbidden, wire.ReasonDisabled,
		text("사용이 중지된 계정입니다. 관리자에게 문의해주세요.", "This account is disabled. Please ask an administrator.")),
}

// SignedIn is a new session: its tokens and who it belongs to.
type SignedIn struct {
	Access  string
	Refresh string
	User    model.User
}

// Login signs a device in. An unknown name and a wrong password answer alike, in words and in time; that an account
// waits, was rejected or is disabled is told only after the right password (wire.Forbidden with its reason). Guessing
// is slowed down by wire.RateLimited.
func (s *Service) Login(ctx context.Context, in wire.LoginRequest, remoteAddr string) (SignedIn, error) {
	device, err := deviceOf(in)
	if err != nil {
		return SignedIn{}, err
	}
	key, err := s.guessKey(ctx, in, remoteAddr)
	if err != nil {
		return SignedIn{}, err
	}
	if err := s.guesses.begin(ctx, key, s.o.Now()); err != nil {
		return SignedIn{}, err
	}
	try := attempt{in: in, device: device, remoteAddr: remoteAddr, key: key}
	signed, err := s.enter(ctx, try)
	if errs.Is(err, wire.Conflict) {
		signed, err = s.enter(ctx, try)
	}
	if errs.Is(err, wire.Conflict) {
		return SignedIn{}, badCredentials()
	}
	return signed, err
}

// attempt is a try to sign in that guessing did not forbid.
type attempt struct {
	in         wire.LoginRequest
	device     model.Device
	remoteAddr string
	key        guessKey
}

// enter checks the password and starts the session. wire.Conflict: the password was changed in between, so it must be
// checked again; otherwise who knew the old one could slip in beside the change that was to keep him out.
func (s *Service) enter(ctx context.Context, try attempt) (SignedIn, error) {
	user, err := s.checkPassword(ctx, try.in.Username, try.in.Password)
	if errors.Is(err, errOutside) {
		return s.enterOutside(ctx, try)
	}
	if err != nil {
		return SignedIn{}, err
	}
	s.rightTry(ctx, try.key)
	if refusal, ok := mayNot[user.State]; ok {
		return SignedIn{}, refusal
	}
	return s.start(ctx, user, try.device, try.remoteAddr)
}

// guessKey says to whom a wrong try is charged: the account and the address, or, when that pair has to wait, the
// account and the device if the account knows it. Of an IPv6 address the network counts: a host has billions of them.
func (s *Service) guessKey(ctx context.Context, in wire.LoginRequest, remoteAddr string) (guessKey, error) {
	account := model.Key(in.Username)
	if len(account) > wire.MaxFieldRunes {
		account = tokenHash(account) // a guesser must not fill our memory with long names
	}
	key := guessKey{account: account, from: networkOf(remoteAddr)}
	if in.DeviceUUID == "" {
		return key, nil
	}
	if waits, err := s.guesses.waiting(ctx, key, s.o.Now()); err != nil || !waits {
		return key, err
	}
	known, err := s.o.Sessions.KnownDevice(ctx, in.Username, in.DeviceUUID)
	if err != nil {
		return key, fmt.Errorf("look for the device: %w", err)
	}
	if known {
		key.from = "device " + in.DeviceUUID
	}
	return key, nil
}

// errOutside says that only the company's own directory can tell.
var errOutside = errors.New("ask outside")

// enterOutside has the company's directory check the password.
func (s *Service) enterOutside(ctx context.Context, try attempt) (SignedIn, error) {
	person, err := s.o.Outside.Verify(ctx, strings.TrimSpace(try.in.Username), try.in.Password)
	if err != nil {
		return SignedIn{}, fmt.Errorf("ask the company's directory: %w", err)
	}
	s.rightTry(ctx, try.key)
	return s.arrive(ctx, model.SourceLDAP, person, try.device, try.remoteAddr)
}

// checkPassword returns the account if the password is right. It takes the same time whether the account exists or not.
// errOutside: the account is not one of this server's own.
func (s *Service) checkPassword(ctx context.Context, username, password string) (model.User, error) {
	if len(password) > wire.MaxPasswordRunes*12 {
		password = "" // nobody has it, and it would only cost time
	}
	user, err := s.o.Accounts.AccountByUsername(ctx, username)
	if err != nil && !errs.Is(err, wire.NotFound) {
		return model.User{}, fmt.Errorf("load account: %w", err)
	}
	// Who was imported has no password before he sets one with his code; the company's directory may know him.
	if err != nil || user.Source != "" || user.PasswordHash == "" {
		// Nobody's password is checked here either, so that time does not tell whose account is kept where.
		if err := s.o.Hasher.VerifyNobody(ctx, password); err != nil {
			return model.User{}, err
		}
		if s.o.Outside != nil && user.Source != model.SourceOIDC {
			return model.User{}, errOutside
		}
		return model.User{}, badCredentials()
	}
	ok, weak, err := s.o.Hasher.Verify(ctx, user.PasswordHash, password)
	if err != nil {
		return model.User{}, fmt.Errorf("verify password: %w", err)
	}
	if !ok {
		return model.User{}, badCredentials()
	}
	if weak {
		user.PasswordHash = s.strengthen(ctx, user, password)
	}
	return user, nil
}

// strengthen stores a hash of today's strength and returns the one that holds now. That it could not is no reason to
// keep the person out.
func (s *Service) strengthen(ctx context.Context, user model.User, password string) string {
	fresh, err := s.o.Hasher.Hash(ctx, password)
	if err == nil {
		err = s.o.Passwords.ReplacePasswordHash(ctx, user.ID, user.PasswordHash, fresh)
	}
	if err != nil {
		s.o.Logger.WarnContext(ctx, "password hash stays weak",
			slog.String("user_uuid", user.UUID), slog.Any("error", err))
		return user.PasswordHash
	}
	return fresh
}

func (s *Service) start(
	ctx context.Context, user model.User, device model.Device, remoteAddr string,
) (SignedIn, error) {
	sessionUUID := uuid.NewString()
	refresh := newSecretToken()
	now := s.o.Now()
	err := s.o.Sessions.StartSession(ctx, NewSession{
		UUID: sessionUUID, UserID: user.ID, PasswordHash: user.PasswordHash, Device: device, RemoteAddr: remoteAddr, TokenHash: tokenHash(refresh),
		Now: now.UnixMilli(), ExpiresAt: now.Add(SessionLife).UnixMilli(),
	})
	if err != nil {
		return SignedIn{}, fmt.Errorf("start session: %w", err)
	}
	access, err := s.access.make(user.UUID, sessionUUID)
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Access: access, Refresh: refresh, User: user}, nil
}

// deviceOf reads the optional device of a sign-in. One that does not name itself is a new one each time.
func deviceOf(in wire.LoginRequest) (model.Device, error) {
	d := model.Device{UUID: in.DeviceUUID}
	if d.UUID == "" {
		d.UUID = uuid.NewString()
	} else if parsed, err := uuid.Parse(d.UUID); err != nil || parsed.String() != d.UUID {
		return d, errs.BadField("device_uuid", text("UUID가 아닙니다.", "This is not a UUID."))
	}
	for _, f := range []struct {
		name, value string
		into        *string
	}{
		{"device_name", in.DeviceName, &d.Name},
		{"platform", in.Platform, &d.Platform},
		{"app_version", in.AppVersion, &d.AppVersion},
	} {
		line, err := model.Line(f.name, f.value, wire.MaxNameRunes, false)
		if err != nil {
			return d, err
		}
		*f.into = line
	}
	return d, nil
}

// Refresh spends a refresh token for the next pair. The same token again within 30 s, while its follower is unused,
// gets the same follower: the reply was lost. Later, or once the follower was used, it is a replay: the session ends
// (ReasonRefreshReused), for whoever holds either token. appVersion is that of the device, which may have been updated since it
// signed in; empty: it does not say.
func (s *Service) Refresh(ctx context.Context, token, remoteAddr, appVersion string) (SignedIn, error) {
	if token == "" || len(token) > maxTokenLen {
		return SignedIn{}, errInvalid
	}
	next := follower(s.o.Secret.refreshKey(), token)
	now := s.o.Now()
	done, err := s.o.Sessions.Refresh(ctx, RefreshTry{
		TokenHash: tokenHash(token), NextHash: tokenHash(next), RemoteAddr: remoteAddr, AppVersion: appVersion,
		Now: now.UnixMilli(), ExpiresAt: now.Add(SessionLife).UnixMilli(),
		Grace: lostReplyGrace.Milliseconds(), Remember: rememberSpent.Milliseconds(),
	})
	if err != nil {
		return SignedIn{}, fmt.Errorf("refresh: %w", err)
	}
	switch done.Outcome {
	case RefreshDone:
	case RefreshReused:
		s.o.Logger.WarnContext(ctx, "refresh token used twice: session ended",
			slog.String("user_uuid", done.User.UUID), slog.String("session_uuid", done.SessionUUID))
		s.revoke(ctx, []string{done.SessionUUID}, wire.ReasonRefreshReused)
		return SignedIn{}, errReused
	case RefreshEnded:
		return SignedIn{}, whyEnded(done.Why, done.User.State)
	case RefreshUnknown:
		return SignedIn{}, errInvalid
	}
	access, err := s.access.make(done.User.UUID, done.SessionUUID)
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Access: access, Refresh: next, User: done.User}, nil
}

var (
	passwordMissing = text("비밀번호가 입력되지 않았습니다.", "Please enter both passwords.")
	passwordOutside = text("비밀번호는 회사 계정에서 변경해주세요.", "Your password is your company account's; please change it there.")
	passwordWrong   = text("현재 비밀번호가 일치하지 않습니다.", "The current password is wrong.")
)

// ChangePassword sets a new password. All other sessions of the person end.
func (s *Service) ChangePassword(ctx context.Context, actor model.Actor, current, next string) error {
	if current == "" || next == "" {
		return errs.E(wire.BadRequest, "", passwordMissing)
	}
	user, err := s.Account(ctx, actor)
	if err != nil {
		return err
	}
	if user.Source != "" {
		return errs.E(wire.Conflict, wire.ReasonPasswordOutside, passwordOutside)
	}
	// Who finds an unlocked computer must not be able to guess on it either.
	key := guessKey{account: model.Key(user.Username), from: "session " + actor.SessionUUID}
	if err := s.guesses.begin(ctx, key, s.o.Now()); err != nil {
		return err
	}
	ok, _, err := s.o.Hasher.Verify(ctx, user.PasswordHash, current)
	if err != nil {
		return fmt.Errorf("verify password: %w", err)
	}
	if !ok {
		return errs.E(wire.Unauthenticated, wire.ReasonWrongPassword, passwordWrong)
	}
	s.rightTry(ctx, key)
	if err := checkPassword("new_password", user.Username, next); err != nil {
		return err
	}
	hash, err := s.o.Hasher.Hash(ctx, next)
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	ended, err := s.o.Passwords.ChangePassword(ctx, user.ID, hash, actor.SessionUUID, model.AuditEntry{
		At: s.millis(), ActorID: actor.UserID, Action: model.AuditPasswordChanged, Subject: user.UUID,
		RemoteAddr: actor.RemoteAddr,
	})
	if err != nil {
		return fmt.Errorf("store password: %w", err)
	}
	s.revoke(ctx, ended, wire.ReasonSessionRevoked)
	return nil
}
