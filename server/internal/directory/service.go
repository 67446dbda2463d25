package directory

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// MaxPage is the most entries of one page.
const MaxPage = 1000

// Options is what a Service needs; all fields are required, Codes only to hand them out.
type Options struct {
	Store     Store
	Publisher Publisher
	Rooms     Rooms
	Painter   Painter
	Sheets    Sheets
	Codes     Codes
	Dir       string // where files lie while they are read; empty: the system's
	// Revoke tells of sessions that ended in the database, before it returns.
	Revoke func(ctx context.Context, sessionUUIDs []string, reason wire.Reason)
	Worker string // names this node, the same after a restart
	Alone  bool   // no other server works on this database
	Now    func() time.Time
	Logger *slog.Logger
}

// Service answers questions about people, and changes them and their departments. It is safe for use by several goroutines.
type Service struct {
	o       Options
	store   Store
	started time.Time

	life    context.Context // ends with Close
	end     context.CancelFunc
	running sync.WaitGroup

	told atomic.Int64 // the revision of the last change that an event told of

	mu   sync.Mutex // guards job
	job  string     // the import that is being read or applied; one at a time
	stop context.CancelFunc
}

// New makes a Service; Close ends it.
func New(o Options) *Service {
	s := &Service{o: o, store: o.Store, started: o.Now()}
	s.life, s.end = context.WithCancel(context.Background())
	return s
}

// Close stops imports and waits for them: what is applied stays, each row says whether it is.
func (s *Service) Close() {
	s.end()
	s.running.Wait()
}

// Wait waits for the import that is under way: for the command line, which does one after the other.
func (s *Service) Wait() { s.running.Wait() }

// Rev is the revision of the directory's last change.
func (s *Service) Rev(ctx context.Context) (int64, error) {
	rev, err := s.store.DirectoryRev(ctx)
	if err != nil {
		return 0, fmt.Errorf("read directory rev: %w", err)
	}
	return rev, nil
}

// Page returns what changed after a revision, by revision: 1 to MaxPage entries, 0 means the most. Its Rev is how far
// it reaches.
func (s *Service) Page(ctx context.Context, after int64, limit int) (wire.DirectoryPage, error) {
	if limit <= 0 || limit > MaxPage {
		limit = MaxPage
	}
	users, departments, rev, err := s.store.DirectoryAfter(ctx, after, limit+1)
	if err != nil {
		return wire.DirectoryPage{}, fmt.Errorf("read directory: %w", err)
	}
	page := wire.DirectoryPage{Users: []wire.Profile{}, Departments: []wire.Department{}, Rev: max(rev, after)}
	for len(users)+len(departments) > 0 {
		if len(page.Users)+len(page.Departments) == limit {
			page.More = true
			break
		}
		// Each revision is one change, so the two lists never hold the same one.
		if len(departments) == 0 || len(users) > 0 && users[0].Rev < departments[0].Rev {
			page.Users = append(page.Users, users[0].Profile())
			page.Rev, users = users[0].Rev, users[1:]
		} else {
			page.Departments = append(page.Departments, wireDepartment(departments[0]))
			page.Rev, departments = departments[0].Rev, departments[1:]
		}
	}
	if !page.More {
		page.Rev = max(rev, after)
	}
	return page, nil
}

func wireDepartment(d model.Department) wire.Department {
	return wire.Department{
		DepartmentUUID: d.UUID, ParentUUID: d.ParentUUID, Name: d.Name, HeadUUID: d.HeadUUID, Sort: d.Sort,
		Deleted: d.DeletedAt != 0, Rev: d.Rev,
	}
}

// DepartmentNames lists the departments for the sign-up form, each name once, in the order of the tree's sort.
func (s *Service) DepartmentNames(ctx context.Context) ([]string, error) {
	departments, err := s.store.Departments(ctx)
	if err != nil {
		return nil, fmt.Errorf("read departments: %w", err)
	}
	names := make([]string, 0, len(departments))
	seen := make(map[string]bool, len(departments))
	for _, d := range departments {
		if !seen[d.Name] {
			seen[d.Name] = true
			names = append(names, d.Name)
		}
	}
	return names, nil
}

// Active returns everyone who may sign in.
func (s *Service) Active(ctx context.Context) ([]model.User, error) {
	users, err := s.store.ActiveAccounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	return users, nil
}

// Profiles returns people by user_uuid, whatever became of them; unknown ones are left out.
func (s *Service) Profiles(ctx context.Context, uuids []string) (map[string]wire.Profile, error) {
	profiles := make(map[string]wire.Profile, len(uuids))
	if len(uuids) == 0 {
		return profiles, nil
	}
	users, err := s.store.AccountsByUUID(ctx, uuids)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	for _, u := range users {
		profiles[u.UUID] = u.Profile()
	}
	return profiles, nil
}

// Profile returns the actor as colleagues see him.
func (s *Service) Profile(ctx context.Context, actor model.Actor) (wire.Profile, error) {
	users, err := s.store.AccountsByUUID(ctx, []string{actor.UserUUID})
	if err != nil {
		return wire.Profile{}, fmt.Errorf("read person: %w", err)
	}
	if len(users) == 0 {
		return wire.Profile{}, errs.NotFound(errs.Text{})
	}
	return users[0].Profile(), nil
}

// UserChanged tells everybody of a changed profile. It is a hint: who misses it pages by rev.
func (s *Service) UserChanged(ctx context.Context, u model.User) {
	s.publish(ctx, wire.EvUser, wire.UserChanged{DirectoryRev: u.Rev, User: u.Profile()})
}

func (s *Service) publish(ctx context.Context, ev wire.Ev, d any) {
	s.publishTo(ctx, s.o.Publisher, ev, d)
}

func (s *Service) publishTo(ctx context.Context, to Publisher, ev wire.Ev, d any) {
	data, err := json.Marshal(d)
	if err != nil {
		s.o.Logger.ErrorContext(ctx, "event can't be encoded", slog.String("ev", string(ev)), slog.Any("error", err))
		return
	}
	to.Publish(ctx, bus.Event{Ev: ev, Data: data})
}
