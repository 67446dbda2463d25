package directory

import (
	"context"
	"fmt"
	"io"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var textFormat = errs.Text{KO: "xlsx 또는 csv만 사용할 수 있습니다.", EN: "The format is xlsx or csv."}

// Export writes everybody who is active or disabled to w, as a file that an import takes; begin is called before the first
// byte, once nothing can be refused any more. The audit has it first.
//
// It returns wire.Forbidden for who is no administrator and wire.BadRequest for another format.
func (s *Service) Export(ctx context.Context, actor model.Actor, format string, w io.Writer, begin func()) error {
	if err := mustBeAdmin(actor); err != nil {
		return err
	}
	if format != FormatExcel && format != FormatCSV {
		return errs.BadField("format", textFormat)
	}
	departments, err := s.store.Departments(ctx)
	if err != nil {
		return fmt.Errorf("read departments: %w", err)
	}
	by, err := s.by(actor, model.AuditPeopleExported, "", map[string]string{"format": format})
	if err != nil {
		return err
	}
	if err := s.store.AppendAudit(ctx, by.Entry); err != nil {
		return fmt.Errorf("audit export: %w", err)
	}
	begin()
	out, err := s.o.Sheets.Write(w, format)
	if err != nil {
		return fmt.Errorf("begin export: %w", err)
	}
	cells := make([]string, len(exportColumns))
	for i, column := range exportColumns {
		cells[i] = column.header
	}
	if err := out.Row(cells); err != nil {
		return fmt.Errorf("write header: %w", err)
	}
	paths := newPathIndex(departments)
	err = s.store.EachAccount(ctx, func(u model.User) error {
		if u.State != wire.UserActive && u.State != wire.UserDisabled {
			return nil
		}
		for i, column := range exportColumns {
			cells[i] = exported(u, column.field, paths)
		}
		return out.Row(cells)
	})
	if err != nil {
		return fmt.Errorf("write people: %w", err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("end export: %w", err)
	}
	return nil
}

func exported(u model.User, field wire.Field, paths pathIndex) string {
	switch field {
	case wire.FieldDepartment:
		return paths.of(u)
	case wire.FieldState:
		if u.State == wire.UserActive {
			return "재직"
		}
		return "퇴직"
	}
	return *u.Field(field)
}

// ExportCodes makes one-time codes for the people whom an import made and who have no password yet, and writes them as CSV:
// name, number, user name, code. Codes made before are void. The codes are in this answer only; they are stored hashed.
//
// Refusals as Import's.
func (s *Service) ExportCodes(ctx context.Context, actor model.Actor, importUUID string, w io.Writer, begin func()) error {
	r, err := s.record(ctx, actor, importUUID)
	if err != nil {
		return err
	}
	people, err := s.store.ImportedWithoutPassword(ctx, r.ID)
	if err != nil {
		return fmt.Errorf("read imported people: %w", err)
	}
	codes := make([]model.OneTimeCode, len(people))
	plain := make([]string, len(people))
	for i, u := range people {
		plain[i], codes[i] = s.o.Codes.NewCode(u.ID, model.CodeInitial, actor.UserID)
	}
	by, err := s.by(actor, model.AuditFirstCodes, importUUID, map[string]int{"people": len(people)})
	if err != nil {
		return err
	}
	if err := s.store.StoreCodes(ctx, by, codes); err != nil {
		return fmt.Errorf("store codes: %w", err)
	}
	begin()
	out, err := s.o.Sheets.Write(w, FormatCSV)
	if err != nil {
		return fmt.Errorf("begin codes: %w", err)
	}
	if err := out.Row([]string{"이름", "사번", "아이디", "일회용 코드"}); err != nil {
		return fmt.Errorf("write header: %w", err)
	}
	for i, u := range people {
		if err := out.Row([]string{u.Name, u.EmployeeID, u.Username, plain[i]}); err != nil {
			return fmt.Errorf("write codes: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("end codes: %w", err)
	}
	return nil
}
