package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var (
	textWrong    = errs.Text{KO: "형식이 올바르지 않습니다.", EN: "This is not valid."}
	textCheck    = errs.Text{KO: "입력한 내용을 확인해주세요.", EN: "Please check what you entered."}
	textLocked   = errs.Text{KO: "관리자만 변경할 수 있는 항목입니다.", EN: "Only an administrator can change this."}
	textNoPerson = errs.Text{KO: "사용자를 찾을 수 없습니다.", EN: "There is no such user."}
	textMany     = errs.Text{KO: "한 번에 변경할 수 있는 인원은 1~1,000명입니다.", EN: "1 to 1,000 people can be changed at a time."}
	textUnknown  = errs.Text{KO: "알 수 없는 항목입니다.", EN: "There is no such field."}
)

// fieldRule is how a field of a person may look. check sees only what is not empty.
type fieldRule struct {
	limit    int
	required bool
	check    func(string) bool
}

var fieldRules = map[wire.Field]fieldRule{
	wire.FieldName:       {wire.MaxNameRunes, true, nil},
	wire.FieldUsername:   {wire.MaxNameRunes, true, model.IsUsername},
	wire.FieldEmployeeID: {wire.MaxNameRunes, true, nil},
	wire.FieldPosition:   {wire.MaxNameRunes, false, nil},
	wire.FieldGrade:      {wire.MaxNameRunes, false, nil},
	wire.FieldEmail:      {wire.MaxNameRunes, false, model.IsEmail},
	wire.FieldBirthDate:  {len(time.DateOnly), false, model.IsDate},
	wire.FieldPhone:      {wire.MaxNameRunes, false, nil},
	wire.FieldStatusText: {wire.MaxNameRunes, false, nil},
}

// checkField normalises a value; the error names the field.
func checkField(field wire.Field, value string) (string, error) {
	rule := fieldRules[field]
	line, err := model.Line(string(field), value, rule.limit, rule.required)
	if err == nil && line != "" && rule.check != nil && !rule.check(line) {
		err = errs.BadField(string(field), textWrong)
	}
	return line, err
}

// checkFields normalises all values, so that one answer names all that is wrong.
func checkFields(said map[wire.Field]*string) (map[wire.Field]string, error) {
	values := map[wire.Field]string{}
	var wrong []errs.Field
	for field, value := range said {
		if value == nil {
			continue
		}
		line, err := checkField(field, *value)
		if err != nil {
			wrong = append(wrong, errs.As(err).Fields...)
		}
		values[field] = line
	}
	if len(wrong) > 0 {
		slices.SortFunc(wrong, func(a, b errs.Field) int { return strings.Compare(a.Name, b.Name) })
		return nil, &errs.Error{Code: wire.BadRequest, Fields: wrong, Text: textCheck}
	}
	return values, nil
}

func profileValues(r wire.ProfileRequest) map[wire.Field]*string {
	return map[wire.Field]*string{
		wire.FieldName: r.Name, wire.FieldEmail: r.Email, wire.FieldPosition: r.Position, wire.FieldGrade: r.Grade,
		wire.FieldBirthDate: r.BirthDate, wire.FieldPhone: r.Phone, wire.FieldStatusText: r.StatusText,
	}
}

// person reads one who is active or disabled.
func (s *Service) person(ctx context.Context, userUUID string) (model.User, error) {
	users, err := s.store.AccountsByUUID(ctx, []string{userUUID})
	if err != nil {
		return model.User{}, fmt.Errorf("read person: %w", err)
	}
	if len(users) == 0 || users[0].State != wire.UserActive && users[0].State != wire.UserDisabled {
		return model.User{}, errs.NotFound(textNoPerson)
	}
	return users[0], nil
}

// ChangeMe changes the actor's own profile, as far as administrators let people do that. Repeating is harmless.
//
// It returns wire.Forbidden (field_locked) for a field that is not his to change, wire.BadRequest for bad values and for an
// e-mail address that another has.
func (s *Service) ChangeMe(ctx context.Context, actor model.Actor, req wire.ProfileRequest) error {
	values, err := checkFields(profileValues(req))
	if err != nil {
		return err
	}
	own, err := s.store.ProfileFields(ctx)
	if err != nil {
		return fmt.Errorf("read profile fields: %w", err)
	}
	me, err := s.person(ctx, actor.UserUUID)
	if err != nil {
		return err
	}
	for field, value := range values {
		if value != *me.Field(field) && !slices.Contains(own, field) {
			return locked(field)
		}
	}
	return s.change(ctx, actor, model.AuditPersonChanged, []string{actor.UserUUID}, PersonChange{Fields: values})
}

func locked(field wire.Field) error {
	return &errs.Error{
		Code: wire.Forbidden, Reason: wire.ReasonFieldLocked, Text: textLocked,
		Fields: []errs.Field{{Name: string(field), Text: textLocked}},
	}
}

func (s *Service) change(
	ctx context.Context, actor model.Actor, action model.AuditAction, uuids []string, change PersonChange,
) error {
	_, err := s.changed(ctx, actor, action, uuids, change)
	return err
}

// changed changes people and returns how many were not so already. The audit holds who and which fields, no values.
func (s *Service) changed(
	ctx context.Context, actor model.Actor, action model.AuditAction, uuids []string, change PersonChange,
) (int, error) {
	fields := make([]string, 0, len(change.Fields)+1)
	for field := range change.Fields {
		fields = append(fields, string(field))
	}
	if change.DepartmentUUID != nil {
		fields = append(fields, "department="+*change.DepartmentUUID)
	}
	slices.Sort(fields)
	detail := map[string]any{"fields": fields}
	subject := uuids[0]
	if action == model.AuditPeopleChanged {
		subject, detail["count"], detail["users"] = "", len(uuids), uuids
	}
	by, err := s.by(actor, action, subject, detail)
	if err != nil {
		return 0, err
	}
	out, err := s.store.ChangePeople(ctx, by, uuids, change)
	if err != nil {
		return 0, fmt.Errorf("change people: %w", err)
	}
	s.tell(ctx, out)
	return len(out.Users), nil
}

// Person returns what administrators see of a person. wire.Forbidden for others, wire.NotFound for who is not there.
func (s *Service) Person(ctx context.Context, actor model.Actor, userUUID string) (wire.Person, error) {
	if err := mustBeAdmin(actor); err != nil {
		return wire.Person{}, err
	}
	u, err := s.person(ctx, userUUID)
	if err != nil {
		return wire.Person{}, err
	}
	return wire.Person{
		Profile: u.Profile(), BirthDate: u.BirthDate, CreatedAt: wire.TimeOfMilli(u.CreatedAt), HasPassword: u.PasswordHash != "",
	}, nil
}

// ChangePerson changes all that is known of a person. Repeating is harmless.
//
// It returns wire.Forbidden for who is no administrator, wire.NotFound for unknown people and departments, wire.BadRequest
// for bad values and for names that another has.
func (s *Service) ChangePerson(
	ctx context.Context, actor model.Actor, userUUID string, req wire.PersonRequest,
) (wire.Person, error) {
	if err := mustBeAdmin(actor); err != nil {
		return wire.Person{}, err
	}
	said := profileValues(req.ProfileRequest)
	said[wire.FieldUsername], said[wire.FieldEmployeeID] = req.Username, req.EmployeeID
	values, err := checkFields(said)
	if err != nil {
		return wire.Person{}, err
	}
	change := PersonChange{Fields: values, DepartmentUUID: req.DepartmentUUID}
	if err := s.change(ctx, actor, model.AuditPersonChanged, []string{userUUID}, change); err != nil {
		return wire.Person{}, err
	}
	return s.Person(ctx, actor, userUUID)
}

// Assign gives many people one department, position or grade, all of them or none, and returns how many were not so
// already. Repeating is harmless; refusals as ChangePerson's.
func (s *Service) Assign(ctx context.Context, actor model.Actor, req wire.AssignRequest) (int, error) {
	if err := mustBeAdmin(actor); err != nil {
		return 0, err
	}
	uuids := slices.Compact(slices.Sorted(slices.Values(req.UserUUIDs)))
	if len(uuids) == 0 || len(req.UserUUIDs) > wire.MaxAssigned {
		return 0, errs.BadField("user_uuids", textMany)
	}
	for _, id := range uuids {
		if _, err := uuid.Parse(id); err != nil {
			return 0, errs.BadField("user_uuids", textNotUUID)
		}
	}
	values, err := checkFields(map[wire.Field]*string{wire.FieldPosition: req.Position, wire.FieldGrade: req.Grade})
	if err != nil {
		return 0, err
	}
	return s.changed(ctx, actor, model.AuditPeopleChanged, uuids, PersonChange{
		Fields: values, DepartmentUUID: req.DepartmentUUID,
	})
}

// ProfileFields returns what people may change of their own profile.
func (s *Service) ProfileFields(ctx context.Context) (wire.ProfileFields, error) {
	fields, err := s.store.ProfileFields(ctx)
	if err != nil {
		return wire.ProfileFields{}, fmt.Errorf("read profile fields: %w", err)
	}
	return wire.ProfileFields{Fields: append([]wire.Field{}, fields...)}, nil
}

// SetProfileFields says what people may change of their own profile. wire.Forbidden for who is no administrator,
// wire.BadRequest for a field that people can't change, wire.Conflict if was, unless it is nil, is not what they could change before.
func (s *Service) SetProfileFields(ctx context.Context, actor model.Actor, fields, was []wire.Field) error {
	if err := mustBeAdmin(actor); err != nil {
		return err
	}
	var kept []wire.Field
	for _, field := range wire.OwnFields { // in one order, each once
		if slices.Contains(fields, field) {
			kept = append(kept, field)
		}
	}
	for _, field := range fields {
		if !slices.Contains(kept, field) {
			return errs.BadField("fields", textUnknown)
		}
	}
	by, err := s.by(actor, model.AuditProfileFields, "", map[string]any{"fields": kept})
	if err != nil {
		return err
	}
	if err := s.store.SetProfileFields(ctx, by, append([]wire.Field{}, kept...), was); err != nil {
		return fmt.Errorf("store profile fields: %w", err)
	}
	return nil
}
