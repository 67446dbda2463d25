package directory

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	sliceRows   = 200 // that are applied in one transaction
	storedRows  = 500 // that are stored in one transaction while a file is read
	shownPaths  = 100
	pagesAtOnce = wire.MaxImportRowsPage
)

var (
	textTooLarge  = errs.Text{KO: "파일이 너무 큽니다.", EN: "The file is too large."}
	textTooMany   = errs.Text{KO: "한 번에 100,000명까지 가져올 수 있습니다.", EN: "At most 100,000 people can be imported at a time."}
	textBusy      = errs.Text{KO: "다른 가져오기가 진행 중입니다.", EN: "Another import is under way."}
	textCancelled = errs.Text{KO: "취소되었습니다.", EN: "It was cancelled."}
	textStopped   = errs.Text{KO: "서버가 중단되어 파일을 끝까지 읽지 못했습니다.", EN: "The server was stopped while it read the file."}
)

// StartImport takes a file of people and begins to compare it; nothing is changed. Import tells how far it is.
//
// It returns wire.Forbidden for who is no administrator, wire.TooLarge for more than wire.MaxImportBytes, and wire.Conflict
// (import_state) while another file is being read or applied.
//
//nolint:contextcheck // the work lives until Close, not as long as the request that began it
func (s *Service) StartImport(ctx context.Context, actor model.Actor, body io.Reader) (wire.Import, error) {
	if err := mustBeAdmin(actor); err != nil {
		return wire.Import{}, err
	}
	r := ImportRecord{Worker: s.o.Worker, Import: s.newImport()}
	life, err := s.begin(r.ImportUUID)
	if err != nil {
		return wire.Import{}, err
	}
	file, size, err := s.receive(body)
	if err == nil {
		if r.ID, err = s.store.CreateImport(ctx, r, actor.UserID); err != nil {
			discard(file)
		}
	}
	if err != nil {
		s.done()
		return wire.Import{}, fmt.Errorf("take the file: %w", err)
	}
	begun := begun(r)
	s.running.Go(func() {
		defer discard(file)
		defer s.signs(life, r.ID)()
		s.finish(life, &r, wire.ImportReading, wire.ImportReady, s.read(life, &r, file, size))
	})
	return begun, nil
}

// begun is where an import stands as the work on it begins; the work changes the original.
func begun(r ImportRecord) wire.Import {
	r.Counts = maps.Clone(r.Counts)
	return r.Import
}

func (s *Service) newImport() wire.Import {
	return wire.Import{
		ImportUUID: uuid.NewString(), State: wire.ImportReading, Counts: map[string]int{}, Columns: []wire.Field{},
		IgnoredColumns: []string{}, NewDepartments: []string{}, CreatedAt: wire.TimeOf(s.o.Now()),
	}
}

// begin makes an import the one that is worked on.
func (s *Service) begin(importUUID string) (context.Context, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.job != "" {
		return nil, errs.E(wire.Conflict, wire.ReasonImportState, textBusy)
	}
	s.job = importUUID
	var life context.Context
	life, s.stop = context.WithCancel(s.life)
	return life, nil
}

func (s *Service) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop()
	s.job = ""
}

// receive stores a body in a file that has no name for long.
func (s *Service) receive(body io.Reader) (*os.File, int64, error) {
	file, err := os.CreateTemp(s.o.Dir, "people-*.part")
	if err != nil {
		return nil, 0, err
	}
	size, err := io.Copy(file, io.LimitReader(body, wire.MaxImportBytes+1))
	if err == nil && size > wire.MaxImportBytes {
		err = errs.E(wire.TooLarge, wire.ReasonImportTooMany, textTooLarge)
	}
	if err != nil {
		discard(file)
		return nil, 0, err
	}
	return file, size, nil
}

func discard(file *os.File) {
	_ = file.Close()
	_ = os.Remove(file.Name()) // what is left over by a crash goes with the system's other temporary files
}

// finish ends the work on an import and stores where it stands then.
func (s *Service) finish(life context.Context, r *ImportRecord, from, to wire.ImportState, failed error) {
	ctx := context.WithoutCancel(life)
	r.State = to
	switch {
	case failed != nil && life.Err() != nil && from == wire.ImportApplying:
		r.State = wire.ImportCancelled
	case failed != nil && life.Err() != nil: // what is not read whole is never applied
		r.State, r.Failure, r.FailureReason = wire.ImportFailed, textCancelled.KO, wire.ReasonImportCancelled
	case failed != nil:
		refusal := errs.As(failed)
		r.State, r.Failure, r.FailureReason = wire.ImportFailed, refusal.Message("ko"), refusal.Reason
		if errs.Is(failed, wire.Internal) || errs.Is(failed, wire.Unavailable) {
			s.o.Logger.ErrorContext(ctx, "import of people failed", slog.String("import_uuid", r.ImportUUID), slog.Any("error", failed))
		}
	}
	s.done() // before anybody can see that it is over, and begins the next
	err := s.store.SetImport(ctx, *r, s.o.Now().UnixMilli(), from)
	if err != nil && !errs.Is(err, wire.NotFound) && !errs.Is(err, wire.Conflict) { // another node has ended it
		s.o.Logger.ErrorContext(ctx, "end of an import is not stored", slog.String("import_uuid", r.ImportUUID), slog.Any("error", err))
	}
}

// read compares a file with everybody, row by row.
func (s *Service) read(ctx context.Context, r *ImportRecord, file io.ReaderAt, size int64) error {
	departments, err := s.store.Departments(ctx)
	if err != nil {
		return err
	}
	c := newComparison(newPathIndex(departments))
	err = s.store.EachAccount(ctx, func(u model.User) error {
		c.add(u)
		return nil
	})
	if err != nil {
		return err
	}
	var batch []wire.ImportRow
	store := func() error {
		if err := s.store.AddImportRows(ctx, r.ID, batch); err != nil {
			return err
		}
		r.Done += len(batch)
		batch = batch[:0]
		return s.store.SetImport(ctx, *r, s.o.Now().UnixMilli(), wire.ImportReading)
	}
	err = s.o.Sheets.Read(ctx, file, size, func(n int, cells []Cell) (err error) {
		if c.at == nil {
			c.at, r.Columns, r.IgnoredColumns, err = columns(cells)
			r.IgnoredColumns = append([]string{}, r.IgnoredColumns...)
			return err
		}
		row, blank := c.row(n, cells)
		if blank {
			return nil
		}
		r.Total++
		if r.Total > wire.MaxImportRows {
			return errs.E(wire.TooLarge, wire.ReasonImportTooMany, textTooMany)
		}
		if batch = append(batch, row); len(batch) < storedRows {
			return nil
		}
		return store()
	})
	if err == nil && c.at == nil {
		err = errs.E(wire.BadRequest, wire.ReasonImportColumns, textColumns)
	}
	if err != nil {
		return err
	}
	for path := range c.paths.fresh {
		r.NewDepartments = append(r.NewDepartments, path)
	}
	slices.Sort(r.NewDepartments)
	r.NewDepartments = r.NewDepartments[:min(len(r.NewDepartments), shownPaths)]
	return store()
}

// Import tells how an import stands. wire.NotFound for an unknown one, wire.Forbidden for who is no administrator.
func (s *Service) Import(ctx context.Context, actor model.Actor, importUUID string) (wire.Import, error) {
	r, err := s.record(ctx, actor, importUUID)
	return r.Import, err
}

func (s *Service) record(ctx context.Context, actor model.Actor, importUUID string) (ImportRecord, error) {
	if err := mustBeAdmin(actor); err != nil {
		return ImportRecord{}, err
	}
	r, err := s.store.Import(ctx, importUUID)
	if err != nil {
		return r, fmt.Errorf("read import: %w", err)
	}
	return told(r), nil
}

// told says of an import why it failed if its server could not say it any more.
func told(r ImportRecord) ImportRecord {
	if r.State == wire.ImportFailed && r.Failure == "" {
		r.Failure, r.FailureReason = textStopped.KO, wire.ReasonImportStopped
	}
	return r
}

// RecentImports returns the last imports, the newest first: a client that knows of none finds what is under way. Refusals as
// Import's.
func (s *Service) RecentImports(ctx context.Context, actor model.Actor) (wire.ImportList, error) {
	if err := mustBeAdmin(actor); err != nil {
		return wire.ImportList{}, err
	}
	records, err := s.store.RecentImports(ctx, wire.MaxImportsListed)
	if err != nil {
		return wire.ImportList{}, fmt.Errorf("read imports: %w", err)
	}
	list := wire.ImportList{Imports: make([]wire.Import, len(records))}
	for i, r := range records {
		list.Imports[i] = told(r).Import
	}
	return list, nil
}

// importKept is how long an import is kept to which nothing happens: its rows are personal data.
const importKept = 30 * 24 * time.Hour

// SweepImports forgets imports that nobody looks after any more. What was applied stays.
func (s *Service) SweepImports(ctx context.Context) error {
	ids, err := s.store.IdleImports(ctx, s.o.Now().Add(-importKept).UnixMilli())
	if err != nil {
		return fmt.Errorf("read idle imports: %w", err)
	}
	for _, id := range ids {
		if err := s.store.DeleteImport(ctx, id); err != nil {
			return fmt.Errorf("forget import: %w", err)
		}
	}
	return nil
}

// ImportRows returns a page of an import's rows behind a number, of one fate or, with an empty one, of any. 0 means the most.
// Refusals as Import's.
func (s *Service) ImportRows(
	ctx context.Context, actor model.Actor, importUUID string, after int, only wire.RowFate, limit int,
) (wire.ImportRows, error) {
	r, err := s.record(ctx, actor, importUUID)
	if err != nil {
		return wire.ImportRows{}, err
	}
	if limit <= 0 || limit > pagesAtOnce {
		limit = pagesAtOnce
	}
	var fates []wire.RowFate
	if only != "" {
		fates = []wire.RowFate{only}
	}
	rows, err := s.store.ImportRows(ctx, r.ID, after, fates, limit+1)
	if err != nil {
		return wire.ImportRows{}, fmt.Errorf("read rows: %w", err)
	}
	page := wire.ImportRows{Rows: append([]wire.ImportRow{}, rows...)}
	if len(rows) > limit {
		page.Rows, page.Next = page.Rows[:limit], rows[limit-1].Row
	}
	return page, nil
}

// ApplyImport begins to do what the rows say, and goes on after it was cancelled or the server was stopped: what is applied is
// not applied again. wire.Conflict (import_state) where the import is not ready; otherwise as Import.
//
//nolint:contextcheck // the work lives until Close, not as long as the request that began it
func (s *Service) ApplyImport(ctx context.Context, actor model.Actor, importUUID string) (wire.Import, error) {
	r, err := s.record(ctx, actor, importUUID)
	if err != nil {
		return wire.Import{}, err
	}
	life, err := s.begin(importUUID)
	if err != nil {
		return wire.Import{}, err
	}
	r.State, r.Worker, r.Failure, r.FailureReason = wire.ImportApplying, s.o.Worker, "", ""
	r.Done = r.Counts[string(wire.RowCreated)] + r.Counts[string(wire.RowChanged)]
	err = s.store.SetImport(ctx, r, s.o.Now().UnixMilli(), wire.ImportReady, wire.ImportCancelled)
	if err != nil {
		s.done()
		return wire.Import{}, fmt.Errorf("apply import: %w", err)
	}
	begun := begun(r)
	s.running.Go(func() {
		defer s.signs(life, r.ID)()
		s.finish(life, &r, wire.ImportApplying, wire.ImportApplied, s.apply(life, actor, &r))
	})
	return begun, nil
}

// apply goes through the rows, slice by slice.
func (s *Service) apply(ctx context.Context, actor model.Actor, r *ImportRecord) error {
	for after := 0; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows, err := s.store.ImportRows(ctx, r.ID, after, []wire.RowFate{wire.RowCreate, wire.RowChange}, sliceRows)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].Row
		by, err := s.by(actor, model.AuditPeopleImported, r.ImportUUID, map[string]int{
			"rows": len(rows), "from_row": rows[0].Row, "to_row": after,
		})
		if err != nil {
			return err
		}
		out, err := s.store.ApplyRows(ctx, by, r.ID, rows)
		if err != nil {
			return err
		}
		s.tell(ctx, out)
		r.Done += len(rows)
		if err := s.store.SetImport(ctx, *r, s.o.Now().UnixMilli(), wire.ImportApplying); err != nil {
			return err
		}
	}
}

// EndImport cancels an import that is worked on, here or elsewhere; one that is not it forgets. Applied rows stay applied. Refusals
// as Import's.
func (s *Service) EndImport(ctx context.Context, actor model.Actor, importUUID string) error {
	r, err := s.record(ctx, actor, importUUID)
	if err != nil {
		return err
	}
	s.mu.Lock()
	running := s.job == importUUID
	if running {
		s.stop()
	}
	s.mu.Unlock()
	switch was := r.State; {
	case running:
		return nil
	case was == wire.ImportReading:
		r.State, r.Failure, r.FailureReason = wire.ImportFailed, textCancelled.KO, wire.ReasonImportCancelled
		err = s.store.SetImport(ctx, r, s.o.Now().UnixMilli(), was)
	case was == wire.ImportApplying:
		r.State = wire.ImportCancelled
		err = s.store.SetImport(ctx, r, s.o.Now().UnixMilli(), was)
	default:
		err = s.store.DeleteImport(ctx, r.ID)
	}
	if err != nil {
		return fmt.Errorf("end import: %w", err)
	}
	return nil
}
