package auth

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	// ResetWaitsFor is how long a request waits for an administrator.
	ResetWaitsFor = 24 * time.Hour
	// ResetApprovedFor is how long the device has to set the password then.
	ResetApprovedFor = 15 * time.Minute

	maxPendingResets = 5 // of one person; what comes beyond them nobody sees
)

var (
	resetFieldsMissing = text("모든 필드를 입력해주세요.", "Please fill in all fields.")
	resetUnknown       = text("비밀번호 재설정 요청 내역이 없습니다.", "There is no request for a new password.")
	resetNotApproved   = text("승인된 비밀번호 재설정 요청이 없습니다.", "No request for a new password was approved.")
	resetMayNot        = text("관리자만 접근할 수 있습니다.", "Only administrators may do this.")
	codeWrong          = text("아이디 또는 일회용 코드가 올바르지 않습니다.", "The user name or the one-time code is wrong.")
)

// AskedReset is what the device that asks for a new password gets.
type AskedReset struct {
	ID          int64
	Secret      string
	CompareCode string
	ExpiresAt   int64
}

// RequestReset stores a request for a new password. Its answer, and the work for it, are the same whether anybody matches or
// not; wire.BadRequest only for a form that is not filled in.
func (s *Service) RequestReset(ctx context.Context, in wire.ResetRequest, remoteAddr string) (AskedReset, error) {
	now := s.o.Now()
	r := NewReset{
		RemoteAddr: remoteAddr, MaxPending: maxPendingResets, Now: now.UnixMilli(),
		ExpiresAt: now.Add(ResetWaitsFor).UnixMilli(), CompareCode: randomLetters(compareLength),
	}
	for _, f := range []struct {
		name, value string
		into        *string
	}{
		{"username", in.Username, &r.Username},
		{"employee_id", in.EmployeeID, &r.EmployeeID},
		{"department", in.Department, &r.Department},
	} {
		line, err := model.Line(f.name, f.value, wire.MaxNameRunes, true)
		if err != nil {
			refusal := errs.As(err)
			return AskedReset{}, &errs.Error{Code: wire.BadRequest, Text: resetFieldsMissing, Fields: refusal.Fields}
		}
		*f.into = line
	}
	secret := newSecretToken()
	r.SecretHash = tokenHash(secret)
	id, err := s.o.Resets.AddReset(ctx, r)
	if err != nil {
		return AskedReset{}, fmt.Errorf("store reset: %w", err)
	}
	s.o.WaitingChanged(ctx)
	return AskedReset{ID: id, Secret: secret, CompareCode: r.CompareCode, ExpiresAt: r.ExpiresAt}, nil
}

// ResetStatus says where a request stands, to who holds its secret; not_found without one.
func (s *Service) ResetStatus(ctx context.Context, secret string) (model.Reset, error) {
	r, err := s.resetBy(ctx, secret)
	if errs.Is(err, wire.NotFound) {
		return r, errs.NotFound(resetUnknown)
	}
	return r, err
}

func (s *Service) resetBy(ctx context.Context, secret string) (model.Reset, error) {
	if secret == "" || len(secret) > maxTokenLen {
		return model.Reset{}, errs.NotFound(resetUnknown)
	}
	r, err := s.o.Resets.ResetBySecret(ctx, tokenHash(secret))
	if err != nil {
		return r, fmt.Errorf("load reset: %w", err)
	}
	return r.At(s.millis()), nil
}

// ResetPassword sets a new password for who holds the secret of an approved request, once, or a one-time code. All sessions of
// the person end, and his devices are told why. Every wrong secret or code is wire.Forbidden, in the same words.
func (s *Service) ResetPassword(ctx context.Context, in wire.PasswordResetRequest, remoteAddr string) error {
	if in.NewPassword == "" {
		return errs.E(wire.BadRequest, "", resetFieldsMissing)
	}
	if in.Secret != "" {
		return s.resetWithSecret(ctx, in, remoteAddr)
	}
	if in.Code == "" || in.Username == "" {
		return errs.E(wire.Forbidden, "", resetNotApproved)
	}
	return s.resetWithCode(ctx, in, remoteAddr)
}

func (s *Service) resetWithSecret(ctx context.Context, in wire.PasswordResetRequest, remoteAddr string) error {
	r, err := s.resetBy(ctx, in.Secret)
	if errs.Is(err, wire.NotFound) || err == nil && r.State != model.ResetApproved {
		return errs.E(wire.Forbidden, "", resetNotApproved)
	}
	if err != nil {
		return err
	}
	if err := checkPassword("new_password", r.User.Username, in.NewPassword); err != nil {
		return err
	}
	hash, err := s.o.Hasher.Hash(ctx, in.NewPassword)
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	ended, err := s.o.Resets.CompleteReset(ctx, tokenHash(in.Secret), hash, model.AuditEntry{
		At: s.millis(), ActorID: r.User.ID, Action: model.AuditPasswordReset, Subject: r.User.UUID,
		Detail: fmt.Sprintf("request %d", r.ID), RemoteAddr: remoteAddr,
	})
	if errs.Is(err, wire.Conflict) {
		return errs.E(wire.Forbidden, "", resetNotApproved)
	}
	if err != nil {
		return fmt.Errorf("complete reset: %w", err)
	}
	s.revoke(ctx, ended, wire.ReasonPasswordReset)
	return nil
}

// resetWithCode does the same work for names that nobody has.
func (s *Service) resetWithCode(ctx context.Context, in wire.PasswordResetRequest, remoteAddr string) error {
	account := model.Key(in.Username)
	if len(account) > wire.MaxFieldRunes {
		account = tokenHash(account)
	}
	key := guessKey{account: "code " + account, from: networkOf(remoteAddr)}
	if err := s.guesses.begin(ctx, key, s.o.Now()); err != nil {
		return err
	}
	if err := checkPassword("new_password", in.Username, in.NewPassword); err != nil {
		return err
	}
	hash, err := s.o.Hasher.Hash(ctx, in.NewPassword)
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	done, err := s.o.Resets.RedeemCode(ctx, CodeTry{
		Username: in.Username, CodeHash: s.codeHash(in.Code), PasswordHash: hash, MaxTries: wire.MaxCodeTries,
		Entry: model.AuditEntry{At: s.millis(), Action: model.AuditPasswordReset, RemoteAddr: remoteAddr},
	})
	if err != nil {
		return fmt.Errorf("redeem code: %w", err)
	}
	if !done.OK {
		s.o.Logger.WarnContext(ctx, "one-time code was wrong", slog.String("remote", remoteAddr))
		return errs.E(wire.Forbidden, "", codeWrong)
	}
	s.rightTry(ctx, key)
	s.revoke(ctx, done.Ended, wire.ReasonPasswordReset)
	return nil
}

// PendingResets lists the requests that wait, newest first. wire.Forbidden for who is no administrator.
func (s *Service) PendingResets(ctx context.Context, actor model.Actor) ([]model.Reset, error) {
	if !actor.IsAdmin() {
		return nil, errs.E(wire.Forbidden, "", resetMayNot)
	}
	list, err := s.o.Resets.PendingResets(ctx, s.millis())
	if err != nil {
		return nil, fmt.Errorf("read resets: %w", err)
	}
	return list, nil
}

// ApproveReset lets the asking device set the password. Of two administrators at once one is first; the other is refused
// (wire.BadRequest, as the original did). wire.Forbidden for a person whom the actor may not administer, himself among them.
func (s *Service) ApproveReset(ctx context.Context, actor model.Actor, id int64) error {
	return s.decideReset(ctx, actor, ResetDecision{
		ID: id, State: model.ResetApproved, Until: s.o.Now().Add(ResetApprovedFor).UnixMilli(),
	}, model.AuditResetApproved)
}

// RejectReset turns a request down; reason (may be empty) is shown to who asked.
func (s *Service) RejectReset(ctx context.Context, actor model.Actor, id int64, reason string) error {
	reason, err := model.Line("reason", reason, wire.MaxFieldRunes, false)
	if err != nil {
		return err
	}
	return s.decideReset(ctx, actor, ResetDecision{ID: id, State: model.ResetRejected, Reason: reason},
		model.AuditResetRejected)
}

func (s *Service) decideReset(
	ctx context.Context, actor model.Actor, d ResetDecision, action model.AuditAction,
) error {
	if !actor.IsAdmin() {
		return errs.E(wire.Forbidden, "", resetMayNot)
	}
	d.Actor = actor
	d.Entry = s.entry(actor, action)
	if err := s.o.Resets.DecideReset(ctx, d); err != nil {
		return fmt.Errorf("decide reset: %w", err)
	}
	s.o.WaitingChanged(ctx)
	return nil
}

// MakeResetCode makes a one-time code for somebody who lost his device, to be given to him by hand. It replaces an earlier
// one. wire.Forbidden for a person whom the actor may not administer, and for himself.
func (s *Service) MakeResetCode(
	ctx context.Context, actor model.Actor, userUUID string,
) (code string, expiresAt int64, err error) {
	if !actor.IsAdmin() {
		return "", 0, errs.E(wire.Forbidden, "", resetMayNot)
	}
	code, stored := s.NewCode(0, model.CodeReset, actor.UserID)
	if err := s.o.Resets.StoreCodeFor(ctx, actor, userUUID, stored, s.entry(actor, model.AuditCodeMade)); err != nil {
		return "", 0, fmt.Errorf("store code: %w", err)
	}
	return code, stored.ExpiresAt, nil
}

func (s *Service) entry(actor model.Actor, action model.AuditAction) model.AuditEntry {
	return model.AuditEntry{At: s.millis(), ActorID: actor.UserID, Action: action, RemoteAddr: actor.RemoteAddr}
}
