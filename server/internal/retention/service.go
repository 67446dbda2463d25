package retention

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Options is what a Service needs; all fields are required.
type Options struct {
	Store  Store
	Rooms  Conversations
	Bytes  Bytes
	Worker string // names this node, the same after a restart
	Alone  bool   // no other server works on this database
	Now    func() time.Time
	Logger *slog.Logger
}

// Service keeps the rules and holds, and deletes. It is safe for use by several goroutines.
type Service struct {
	o    Options
	wake chan struct{}
}

// New makes a Service. It deletes while Run is called.
func New(o Options) *Service { return &Service{o: o, wake: make(chan struct{}, 1)} }

var (
	readersOnly   = errs.Text{KO: "관리자와 감사자만 볼 수 있습니다.", EN: "Only administrators and auditors may see this."}
	adminsOnly    = errs.Text{KO: "관리자만 바꿀 수 있습니다.", EN: "Only administrators may change this."}
	endersOnly    = errs.Text{KO: "소유자와 감사자만 보존을 끝낼 수 있습니다.", EN: "Only owners and auditors may end a hold."}
	badClass      = errs.Text{KO: "대화방 종류가 올바르지 않습니다.", EN: "This is not a kind of conversation."}
	badDays       = errs.Text{KO: "0에서 36,500일까지 정할 수 있습니다.", EN: "From 0 to 36,500 days can be set."}
	badWindow     = errs.Text{KO: "시간대가 올바르지 않습니다.", EN: "This is not a time of day."}
	reasonMissing = errs.Text{KO: "사유를 입력해주세요.", EN: "Please give a reason."}
	badSubject    = errs.Text{KO: "대상은 person 또는 room이어야 합니다.", EN: "The subject is a person or a room."}
)

func mayRead(actor model.Actor) error {
	if actor.IsAdmin() || actor.IsAuditor() {
		return nil
	}
	return errs.E(wire.Forbidden, "", readersOnly)
}

func mayChange(actor model.Actor) error {
	if actor.IsAdmin() {
		return nil
	}
	return errs.E(wire.Forbidden, "", adminsOnly)
}

func (s *Service) entry(actor model.Actor, action model.AuditAction) model.AuditEntry {
	return model.AuditEntry{
		At: s.o.Now().UnixMilli(), ActorID: actor.UserID, Action: action, Detail: "{}", RemoteAddr: actor.RemoteAddr,
	}
}

// Retention returns the rules and the last runs, for administrators and auditors.
func (s *Service) Retention(ctx context.Context, actor model.Actor) (out wire.Retention, err error) {
	if err := mayRead(actor); err != nil {
		return out, err
	}
	if out.RetentionPolicy, err = s.o.Store.RetentionPolicy(ctx); err != nil {
		return out, fmt.Errorf("read the rules: %w", err)
	}
	files, err := s.o.Store.FilePolicy(ctx)
	if err != nil {
		return out, fmt.Errorf("read the file policy: %w", err)
	}
	runs, err := s.o.Store.RunList(ctx, wire.MaxRetentionRuns)
	if err != nil {
		return out, fmt.Errorf("read runs: %w", err)
	}
	now := s.o.Now()
	_, offset := now.Zone()
	out.FilePolicyDays, out.ServerTime, out.UTCOffset = files.RetentionDays, wire.TimeOf(now), offset/60
	out.Runs = make([]wire.RetentionRun, len(runs))
	for i, r := range runs {
		out.Runs[i] = r.wire(out.RetentionPolicy, now)
	}
	return out, nil
}

// SetPolicy replaces the rules. wire.Forbidden for who is no administrator, wire.BadRequest beyond a bound, wire.Conflict if they were
// changed since p.Rev.
func (s *Service) SetPolicy(ctx context.Context, actor model.Actor, p wire.RetentionPolicy) (wire.RetentionPolicy, error) {
	if err := mayChange(actor); err != nil {
		return p, err
	}
	p, err := checkPolicy(p)
	if err != nil {
		return p, err
	}
	p, err = s.o.Store.SetRetentionPolicy(ctx, p, s.entry(actor, model.AuditRetentionSet))
	if err != nil {
		return p, fmt.Errorf("store the rules: %w", err)
	}
	s.wakeUp()
	return p, nil
}

// checkPolicy returns the rules in the order of the classes, without those that keep for ever.
func checkPolicy(p wire.RetentionPolicy) (wire.RetentionPolicy, error) {
	const minutes = 24 * 60
	if p.WindowFrom < 0 || p.WindowFrom >= minutes || p.WindowTo < 0 || p.WindowTo >= minutes {
		return p, errs.BadField("window_from", badWindow)
	}
	byClass := map[wire.RoomClass]wire.RetentionRule{}
	for _, r := range p.Rules {
		if _, twice := byClass[r.Class]; twice || !slices.Contains(wire.RoomClasses, r.Class) {
			return p, errs.BadField("rules", badClass)
		}
		if min(r.MessageDays, r.FileDays) < 0 || max(r.MessageDays, r.FileDays) > wire.MaxRetentionDays {
			return p, errs.BadField("rules", badDays)
		}
		byClass[r.Class] = r
	}
	p.Rules = []wire.RetentionRule{}
	for _, class := range wire.RoomClasses {
		if r := byClass[class]; r.MessageDays != 0 || r.FileDays != 0 {
			p.Rules = append(p.Rules, r)
		}
	}
	return p, nil
}

// Preview counts what rules would delete now, for administrators and auditors.
func (s *Service) Preview(ctx context.Context, actor model.Actor, p wire.RetentionPolicy) (out wire.RetentionPreview, err error) {
	if err := mayRead(actor); err != nil {
		return out, err
	}
	if p, err = checkPolicy(p); err != nil {
		return out, err
	}
	now := s.o.Now()
	counts, err := s.count(ctx, RulesAt(p, now.UnixMilli()), func() error { return nil })
	if err != nil {
		return out, fmt.Errorf("count: %w", err)
	}
	out.At = wire.TimeOf(now)
	for _, class := range wire.RoomClasses {
		n := counts[class]
		c := wire.RetentionCount{
			Class: class, Rooms: n.Rooms, Messages: n.Messages, Files: n.Files, Bytes: n.Bytes,
			HeldRooms: n.HeldRooms, HeldMessages: n.HeldMessages,
		}
		if n.Oldest != 0 {
			at := wire.TimeOfMilli(n.Oldest)
			c.Oldest = &at
		}
		out.Classes = append(out.Classes, c)
	}
	return out, nil
}

// count counts page by page, and calls sign after each.
func (s *Service) count(ctx context.Context, rules Rules, sign func() error) (Counts, error) {
	counts := Counts{}
	for _, page := range []func(context.Context, Rules, int64) (Counts, int64, error){
		s.o.Store.CountOldMessages, s.o.Store.CountOldFiles,
	} {
		for after, first := int64(0), true; first || after != 0; first = false {
			part, last, err := page(ctx, rules, after)
			if err == nil {
				err = sign()
			}
			if err != nil {
				return nil, err
			}
			counts.Add(part)
			after = last
		}
	}
	return counts, nil
}

// Start begins a run, for administrators. wire.Conflict if one runs, or the rules are not those that the caller saw.
func (s *Service) Start(ctx context.Context, actor model.Actor, in wire.StartRetention) error {
	if err := mayChange(actor); err != nil {
		return err
	}
	r := Run{UUID: uuid.NewString(), InWindow: in.InWindow, RequestedByID: actor.UserID}
	if err := s.o.Store.AddRun(ctx, r, in.Rev, s.entry(actor, model.AuditRetentionBegun)); err != nil {
		return fmt.Errorf("begin a run: %w", err)
	}
	s.wakeUp()
	return nil
}

// Cancel ends a run after what it does just now. A repeat is harmless; what is gone stays gone.
func (s *Service) Cancel(ctx context.Context, actor model.Actor, runUUID string) error {
	if err := mayChange(actor); err != nil {
		return err
	}
	if err := s.o.Store.CancelRun(ctx, runUUID, s.entry(actor, model.AuditRetentionEnded)); err != nil {
		return fmt.Errorf("cancel a run: %w", err)
	}
	return nil
}

// HoldList returns a page of the holds, for administrators and auditors. before is the Next of the page before, 0 at first.
func (s *Service) HoldList(ctx context.Context, actor model.Actor, before int64) (list wire.HoldList, err error) {
	if err := mayRead(actor); err != nil {
		return list, err
	}
	list, err = s.o.Store.HoldList(ctx, before, wire.MaxHolds)
	if err != nil {
		return list, fmt.Errorf("read holds: %w", err)
	}
	return list, nil
}

// Hold places a hold, for administrators and auditors. wire.NotFound for an unknown subject.
func (s *Service) Hold(ctx context.Context, actor model.Actor, in wire.NewHold) (wire.Hold, error) {
	if err := mayRead(actor); err != nil {
		return wire.Hold{}, err
	}
	if in.SubjectKind != wire.AccessPerson && in.SubjectKind != wire.AccessRoom {
		return wire.Hold{}, errs.BadField("subject_kind", badSubject)
	}
	var err error
	if in.Reason, err = reason(in.Reason); err != nil {
		return wire.Hold{}, err
	}
	h, err := s.o.Store.AddHold(ctx, uuid.NewString(), in, s.entry(actor, model.AuditHoldPlaced))
	if err != nil {
		return h, fmt.Errorf("place a hold: %w", err)
	}
	return h, nil
}

// EndHold ends a hold, for owners and auditors, but on themselves. wire.Conflict for one that has ended.
func (s *Service) EndHold(ctx context.Context, actor model.Actor, holdUUID, why string) (wire.Hold, error) {
	if !actor.IsAuditor() {
		return wire.Hold{}, errs.E(wire.Forbidden, wire.ReasonRank, endersOnly)
	}
	why, err := reason(why)
	if err != nil {
		return wire.Hold{}, err
	}
	h, err := s.o.Store.EndHold(ctx, holdUUID, why, s.entry(actor, model.AuditHoldEnded))
	if err != nil {
		return h, fmt.Errorf("end a hold: %w", err)
	}
	return h, nil
}

func reason(said string) (string, error) {
	line, err := model.Line("reason", said, wire.MaxFieldRunes, false)
	if err == nil && line == "" {
		return "", errs.BadField("reason", reasonMissing)
	}
	return line, err
}
