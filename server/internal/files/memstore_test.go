package files_test

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// memStore is a files.Store without a database: what one person uploads he may have. Who sees what is tested with the
// databases, in package storetest.
type memStore struct {
	mu     sync.Mutex
	last   int64
	byID   map[int64]*model.File
	policy wire.FilePolicy
	fail   error // of every call
	turns  map[int64]turn
}

// turn is who writes to an upload, and until when.
type turn struct {
	writer string
	until  int64
}

func (m *memStore) ClaimUpload(_ context.Context, id int64, writer string, until, now int64) (bool, error) {
	return m.change(id, wire.FileReceiving, func(*model.File) { m.turns[id] = turn{writer, until} },
		func(*model.File) bool {
			held, taken := m.turns[id]
			return !taken || held.writer == writer || held.until < now
		})
}

func (m *memStore) KeepUpload(_ context.Context, id int64, writer string, until int64) (bool, error) {
	return m.change(id, wire.FileReceiving, func(*model.File) { m.turns[id] = turn{writer, until} },
		func(*model.File) bool { return m.turns[id].writer == writer })
}

func (m *memStore) FreeUpload(_ context.Context, id int64, writer string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.turns[id].writer == writer {
		delete(m.turns, id)
	}
	return m.fail
}

var _ files.Store = (*memStore)(nil)

func newMemStore() *memStore {
	return &memStore{byID: map[int64]*model.File{}, turns: map[int64]turn{}, policy: wire.FilePolicy{
		MaxBytes: 64 << 20, Types: files.KnownTypes(), Unscanned: wire.UnscannedRefuse, Rev: 1,
	}}
}

func (m *memStore) AddFile(_ context.Context, f model.File, p wire.FilePolicy) (model.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	used := f.Size
	for _, other := range m.byID {
		if other.UploaderID == f.UploaderID && other.State != wire.FileRefused {
			used += other.Size
		}
	}
	if p.PersonQuota > 0 && used > p.PersonQuota {
		return f, errs.E(wire.TooLarge, wire.ReasonPersonQuota, errs.Text{})
	}
	m.last++
	f.ID = m.last
	m.byID[f.ID] = &f
	return f, m.fail
}

func (m *memStore) find(userID int64, fileUUID string) (*model.File, error) {
	for _, f := range m.byID {
		if f.UUID == fileUUID && f.UploaderID == userID {
			return f, m.fail
		}
	}
	return nil, errs.NotFound(errs.Text{})
}

func (m *memStore) OwnFile(_ context.Context, userID int64, fileUUID string) (model.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, err := m.find(userID, fileUUID)
	if err != nil {
		return model.File{}, err
	}
	return *f, nil
}

func (m *memStore) VisibleFile(ctx context.Context, userID int64, fileUUID string) (model.File, error) {
	f, err := m.OwnFile(ctx, userID, fileUUID)
	if err == nil && f.State != wire.FileReady {
		err = errs.NotFound(errs.Text{})
	}
	return f, err
}

func (m *memStore) MessageFile(context.Context, int64, int64) (model.File, error) {
	return model.File{}, errs.NotFound(errs.Text{})
}

func (m *memStore) change(
	id int64, from wire.FileState, fn func(f *model.File), and ...func(f *model.File) bool,
) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.byID[id]
	if f == nil || f.State != from || slices.ContainsFunc(and, func(is func(*model.File) bool) bool { return !is(f) }) {
		return false, m.fail
	}
	fn(f)
	return true, m.fail
}

func (m *memStore) Received(_ context.Context, id, received, now int64) error {
	_, err := m.change(id, wire.FileReceiving, func(f *model.File) { f.Received, f.UpdatedAt = received, now })
	return err
}

func (m *memStore) Checking(_ context.Context, id, size, now int64) (bool, error) {
	return m.change(id, wire.FileReceiving, func(f *model.File) {
		f.State, f.Size, f.Received, f.UpdatedAt = wire.FileChecking, size, size, now
	})
}

func (m *memStore) Ready(_ context.Context, f model.File, now int64) error {
	_, err := m.change(f.ID, wire.FileChecking, func(stored *model.File) {
		*stored = f
		stored.State, stored.UpdatedAt = wire.FileReady, now
	})
	return err
}

func (m *memStore) Refuse(_ context.Context, id int64, refusal wire.Error, now int64) error {
	_, err := m.change(id, wire.FileChecking, func(f *model.File) {
		f.State, f.Refusal, f.UpdatedAt = wire.FileRefused, &refusal, now
	})
	return err
}

func (m *memStore) Drop(_ context.Context, userID int64, fileUUID string) (model.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, err := m.find(userID, fileUUID)
	if err != nil {
		return model.File{}, err
	}
	if f.SentAt != 0 {
		return model.File{}, errs.E(wire.Conflict, wire.ReasonFileUsed, errs.Text{})
	}
	delete(m.byID, f.ID)
	return *f, nil
}

func (m *memStore) Unfinished(_ context.Context, limit int) ([]model.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []model.File
	for _, f := range m.byID {
		if f.State == wire.FileChecking && len(list) < limit {
			list = append(list, *f)
		}
	}
	return list, m.fail
}

func (m *memStore) RoomFiles(context.Context, files.RoomFiles) (wire.RoomFilesReply, error) {
	return wire.RoomFilesReply{}, nil
}

func (m *memStore) Waste(_ context.Context, before, _ int64, limit int) ([]files.Waste, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []files.Waste
	for _, f := range m.byID {
		if f.UpdatedAt < before && f.SentAt == 0 {
			list = append(list, files.Waste{File: *f, Reason: files.WasteAbandoned})
		}
	}
	slices.SortFunc(list, func(a, b files.Waste) int { return cmp.Compare(a.File.ID, b.File.ID) })
	return list[:min(limit, len(list))], m.fail
}

func (m *memStore) Forget(_ context.Context, w files.Waste, _ int64) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, there := m.byID[w.File.ID]
	delete(m.byID, w.File.ID)
	return there, m.fail
}

func (m *memStore) Blobs(_ context.Context, names []string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var known []string
	for _, f := range m.byID {
		if slices.Contains(names, f.Blob) {
			known = append(known, f.Blob)
		}
	}
	return known, m.fail
}

func (m *memStore) FilePolicy(context.Context) (wire.FilePolicy, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.policy, m.fail
}

// rule changes the policy behind the service's back.
func (m *memStore) rule(change func(*wire.FilePolicy)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(&m.policy)
}

func (m *memStore) SetFilePolicy(_ context.Context, _ model.Actor, p wire.FilePolicy, _ int64) (wire.FilePolicy, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.Rev++
	m.policy = p
	return p, m.fail
}

func (m *memStore) FileUsage(context.Context) (bytes, count int64, err error) { return 0, 0, nil }
