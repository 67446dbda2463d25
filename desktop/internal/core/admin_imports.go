package core

import (
	"context"
	"io"
	"log/slog"
	"os"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// The administrator's calls about files of people; see admin.go. Neither the path nor the name of a file leaves this device,
// and which import is meant core knows by itself: the last one that this device began or, after a restart, found on the server.

// ChooseImport asks for a file of people and sends it to be compared; false: the user chose none. Nothing is changed yet.
func (c *Core) ChooseImport() (bool, error) {
	s, err := c.signedIn()
	if err != nil {
		return false, err
	}
	path, err := ask(c, c.o.Chooser.ChoosePeople)
	if err != nil || path == "" {
		return false, fail(err)
	}
	unreadable := refuse(wire.BadRequest, wire.ReasonImportFile, "the file can't be read")
	f, err := os.Open(path) //nolint:gosec // G304: chosen by the user in the system's dialog, not by the page
	if err != nil {
		return false, unreadable
	}
	defer func() { _ = f.Close() }() // it was read only
	info, err := f.Stat()
	switch {
	case err != nil || !info.Mode().IsRegular() || info.Size() == 0:
		return false, unreadable
	case info.Size() > wire.MaxImportBytes:
		return false, refuse(wire.TooLarge, "", "more than is taken at a time")
	}
	made, err := s.auth.StartImport(s.life, f, info.Size())
	if err != nil {
		return false, fail(err)
	}
	before := s.importing.Get()
	s.importing.Set(made.ImportUUID)
	if before != "" {
		// A new file stands in the place of the one before. The server forgets by itself, later, what it does not forget now.
		if err := s.auth.EndImport(s.life, before); err != nil {
			s.log.InfoContext(s.life, "an import was not forgotten", slog.Any("error", err))
		}
	}
	return true, nil
}

// ImportStatus says how the import stands that this device began, or otherwise the last one that the server knows; an empty
// State: there is none.
func (c *Core) ImportStatus() (PeopleImport, error) {
	out := viewImport(wire.Import{})
	err := c.change(nil, func(ctx context.Context, s *session) error {
		i, err := s.currentImport(ctx)
		if err == nil && i.ImportUUID != "" {
			out = viewImport(i)
		}
		return err
	})
	return out, err
}

// currentImport finds the import that the calls are about; without an ImportUUID there is none.
func (s *session) currentImport(ctx context.Context) (wire.Import, error) {
	if id := s.importing.Get(); id != "" {
		i, err := s.auth.Import(ctx, id)
		if client.CodeOf(err) != wire.NotFound {
			return i, err
		}
		s.importing.Set("") // it ended elsewhere
	}
	list, err := s.auth.RecentImports(ctx)
	if err != nil || len(list) == 0 {
		return wire.Import{}, err
	}
	s.importing.Set(list[0].ImportUUID)
	return list[0], nil
}

func viewImport(i wire.Import) PeopleImport {
	out := PeopleImport{
		State: i.State, Total: i.Total, Done: i.Done, Counts: i.Counts, Columns: append([]wire.Field{}, i.Columns...),
		IgnoredColumns: append([]string{}, i.IgnoredColumns...), NewDepartments: append([]string{}, i.NewDepartments...),
		Failure: i.FailureReason, CreatedAt: i.CreatedAt.UnixMilli(),
	}
	if out.Counts == nil {
		out.Counts = map[string]int{}
	}
	return out
}

// ImportRows lists a page of the import's rows: those behind the row after, of one fate if only is not empty.
func (c *Core) ImportRows(after int, only string) (ImportRows, error) {
	out := ImportRows{Rows: []ImportRow{}}
	wrong := checkField(only, maxLineRunes)
	if after < 0 {
		wrong = refuse(wire.BadRequest, "", "no such rows")
	}
	err := c.onImport(wrong, func(ctx context.Context, s *session, id string) error {
		page, err := s.auth.ImportRows(ctx, id, after, wire.RowFate(only))
		for _, r := range page.Rows {
			out.Rows = append(out.Rows, viewRow(r))
		}
		out.Next = page.Next
		return err
	})
	return out, err
}

func viewRow(r wire.ImportRow) ImportRow {
	row := ImportRow{
		Row: r.Row, Fate: r.Fate, UserUUID: r.UserUUID, Values: map[string]string{},
		Changes: append([]wire.FieldChange{}, r.Changes...), Problems: append([]wire.RowProblem{}, r.Problems...),
	}
	for field, value := range r.Values {
		row.Values[string(field)] = value
	}
	return row
}

// ApplyImport begins to do what the rows say, or goes on with it.
func (c *Core) ApplyImport() error {
	return c.onImport(nil, func(ctx context.Context, s *session, id string) error {
		_, err := s.auth.ApplyImport(ctx, id)
		return err
	})
}

// EndImport cancels the import if it is at work; another one is forgotten.
func (c *Core) EndImport() error {
	return c.onImport(nil, func(ctx context.Context, s *session, id string) error {
		i, err := s.auth.Import(ctx, id)
		if err != nil {
			return err
		}
		if err := s.auth.EndImport(ctx, id); err != nil {
			return err
		}
		if i.State != wire.ImportApplying {
			s.importing.Set("")
		}
		return nil
	})
}

// SaveImportCodes asks where to and saves one-time codes for the people whom the import made; false: the user chose none.
func (c *Core) SaveImportCodes() (bool, error) {
	return c.saveAs(nil, "codes.csv", func(ctx context.Context, s *session, into io.Writer) error {
		return s.auth.SaveImportCodes(ctx, s.importing.Get(), into)
	})
}

// ExportPeople asks where to and saves everybody as a file, of format xlsx or csv; false: the user chose none.
func (c *Core) ExportPeople(format string) (bool, error) {
	var wrong error
	if format != "xlsx" && format != "csv" {
		wrong = refuse(wire.BadRequest, "", "no such format")
	}
	return c.saveAs(wrong, "people."+format, func(ctx context.Context, s *session, into io.Writer) error {
		return s.auth.ExportPeople(ctx, format, into)
	})
}

func (c *Core) onImport(wrong error, do func(ctx context.Context, s *session, id string) error) error {
	return c.change(wrong, func(ctx context.Context, s *session) error { return do(ctx, s, s.importing.Get()) })
}
