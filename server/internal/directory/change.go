package directory

import (
	"context"
	"encoding/json"
	"fmt"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var (
	textAdminsOnly = errs.Text{KO: "관리자만 할 수 있습니다.", EN: "Only administrators may do this."}
	textNotUUID    = errs.Text{KO: "UUID가 아닙니다.", EN: "This is not a UUID."}
)

func mustBeAdmin(actor model.Actor) error {
	if actor.IsAdmin() {
		return nil
	}
	return errs.E(wire.Forbidden, "", textAdminsOnly)
}

// by says who does something, on whom. detail becomes JSON: ids and names of fields, never what a person is called.
func (s *Service) by(actor model.Actor, action model.AuditAction, subject string, detail any) (By, error) {
	text, err := json.Marshal(detail)
	if err != nil {
		return By{}, fmt.Errorf("encode audit detail: %w", err)
	}
	return By{Actor: actor, Entry: model.AuditEntry{
		At: s.o.Now().UnixMilli(), ActorID: actor.UserID, Action: action, Subject: subject, Detail: string(text),
		RemoteAddr: actor.RemoteAddr,
	}}, nil
}

// maxEvents is how many changed rows everybody is told of one by one. Of more only the last is told: who hears of it lacks
// the others and pages through them.
const maxEvents = 50

// tell says what a transaction changed. All of it is a hint; who misses it repairs itself by revision.
func (s *Service) tell(ctx context.Context, out Outcome) {
	if len(out.Sessions) > 0 {
		s.o.Revoke(ctx, out.Sessions, wire.ReasonDisabled)
	}
	if len(out.Reread) > 0 {
		s.o.Publisher.Publish(ctx, bus.Event{Reread: out.Reread})
	}
	for _, change := range out.Rooms {
		s.o.Rooms.Announce(ctx, change)
	}
	if len(out.Departments)+len(out.Users) > maxEvents {
		out = lastOf(out)
	}
	for _, d := range out.Departments {
		s.publish(ctx, wire.EvDepartment, wire.DepartmentChanged{DirectoryRev: d.Rev, Department: wireDepartment(d)})
	}
	for _, u := range out.Users {
		s.UserChanged(ctx, u)
	}
}

// lastOf is the row of an outcome that has the highest revision.
func lastOf(out Outcome) Outcome {
	var users []model.User
	var departments []model.Department
	if n := len(out.Users); n > 0 {
		users = out.Users[n-1:]
	}
	if n := len(out.Departments); n > 0 {
		departments = out.Departments[n-1:]
	}
	if len(users) > 0 && len(departments) > 0 {
		if users[0].Rev > departments[0].Rev {
			departments = nil
		} else {
			users = nil
		}
	}
	return Outcome{Users: users, Departments: departments}
}
