package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Register stores a sign-up that waits for an administrator, and returns the secret with which the asking device
// watches the decision. Taken names are refused as the original did (wire.BadRequest): user name before e-mail before
// employee number.
func (s *Service) Register(
	ctx context.Context, in wire.RegisterRequest, remoteAddr string,
) (registerToken string, err error) {
	u, err := userOf(in, s.o.Now())
	if err != nil {
		return "", err
	}
	if err := CheckPassword(u.Username, in.Password); err != nil {
		return "", err
	}
	if u.PasswordHash, err = s.o.Hasher.Hash(ctx, in.Password); err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	u.State, u.Role = wire.UserPending, wire.RoleUser
	token := newSecretToken()
	_, err = s.o.Accounts.CreateAccount(ctx, u, tokenHash(token), model.AuditEntry{
		At: u.CreatedAt, Action: model.AuditUserRegistered, Subject: u.UUID, RemoteAddr: remoteAddr,
	})
	if err != nil {
		return "", fmt.Errorf("store sign-up: %w", err)
	}
	s.o.WaitingChanged(ctx)
	return token, nil
}

// RegisterStatus says where the sign-up stands that a secret of Register watches; not_found for an unknown one.
func (s *Service) RegisterStatus(ctx context.Context, registerToken string) (wire.RegisterStatusReply, error) {
	unknown := errs.NotFound(text("가입 요청을 찾을 수 없습니다.", "There is no such sign-up."))
	if registerToken == "" || len(registerToken) > maxTokenLen {
		return wire.RegisterStatusReply{}, unknown
	}
	u, err := s.o.Accounts.AccountByRegisterToken(ctx, tokenHash(registerToken))
	if errs.Is(err, wire.NotFound) || err == nil && u.State == wire.UserDeleted {
		return wire.RegisterStatusReply{}, unknown
	}
	if err != nil {
		return wire.RegisterStatusReply{}, fmt.Errorf("load sign-up: %w", err)
	}
	return wire.RegisterStatusReply{State: u.State, Reason: u.RejectReason}, nil
}

// userOf checks the form's fields, all of them, so that one answer names all that is wrong.
func userOf(in wire.RegisterRequest, now time.Time) (model.User, error) {
	u := model.User{UUID: uuid.NewString(), CreatedAt: now.UnixMilli(), UpdatedAt: now.UnixMilli()}
	var wrong []errs.Field
	for _, f := range []struct {
		name, value string
		limit       int
		required    bool
		into        *string
		check       func(string) bool
	}{
		{"name", in.Name, wire.MaxNameRunes, true, &u.Name, nil},
		{"employee_id", in.EmployeeID, wire.MaxNameRunes, true, &u.EmployeeID, nil},
		{"birth_date", in.BirthDate, 10, false, &u.BirthDate, model.IsDate},
		{"position", in.Position, wire.MaxNameRunes, false, &u.Position, nil},
		{"grade", in.Grade, wire.MaxNameRunes, false, &u.Grade, nil},
		{"department", in.Department, wire.MaxNameRunes, false, &u.Department, nil},
		{"email", in.Email, wire.MaxNameRunes, true, &u.Email, model.IsEmail},
		{"username", in.Username, wire.MaxNameRunes, true, &u.Username, model.IsUsername},
	} {
		line, err := model.Line(f.name, f.value, f.limit, f.required)
		switch {
		case err != nil:
			wrong = append(wrong, errs.As(err).Fields...)
		case line != "" && f.check != nil && !f.check(line):
			wrong = append(wrong, errs.Field{Name: f.name, Text: text("형식이 올바르지 않습니다.", "This is not valid.")})
		}
		*f.into = line
	}
	if len(wrong) > 0 {
		return u, &errs.Error{
			Code: wire.BadRequest, Fields: wrong,
			Text: text("입력한 내용을 확인해주세요.", "Please check what you entered."),
		}
	}
	return u, nil
}
