package core

import (
	"context"
	"slices"

	"himsg/shared/wire"
)

// This file holds the administrators' calls about what the server keeps, and how it is. What the page hands over is bounded here;
// whether it makes sense the server says.

const (
	maxTypes     = 200
	maxTypeRunes = 20
)

// FilePolicy returns what files the server takes.
func (c *Core) FilePolicy() (wire.FilePolicyReply, error) {
	var out wire.FilePolicyReply
	err := c.change(nil, func(ctx context.Context, s *session) (err error) {
		out, err = s.auth.FilePolicy(ctx)
		return err
	})
	return out, offered(err)
}

// SetFilePolicy replaces it.
func (c *Core) SetFilePolicy(policy wire.FilePolicy) (wire.FilePolicyReply, error) {
	var out wire.FilePolicyReply
	wrong := checkCount(len(policy.Types), maxTypes)
	for _, word := range append(slices.Clone(policy.Types), string(policy.Unscanned), string(policy.EncryptedArchives)) {
		if wrong == nil {
			wrong = checkField(word, maxTypeRunes)
		}
	}
	err := c.change(wrong, func(ctx context.Context, s *session) (err error) {
		out, err = s.auth.SetFilePolicy(ctx, policy)
		return err
	})
	return out, err
}

// Retention returns the rules and the last runs.
func (c *Core) Retention() (Retention, error) {
	out := Retention{Runs: []RetentionRun{}}
	err := c.change(nil, func(ctx context.Context, s *session) error {
		w, err := s.auth.Retention(ctx)
		if err != nil {
			return err
		}
		out.RetentionPolicy, out.FilePolicyDays, out.UTCOffset = w.RetentionPolicy, w.FilePolicyDays, w.UTCOffset
		for _, r := range w.Runs {
			out.Runs = append(out.Runs, RetentionRun{
				RunUUID: r.RunUUID, State: r.State, Phase: r.Phase, InWindow: r.InWindow, RequestedBy: r.RequestedBy,
				StartedAt: r.StartedAt.UnixMilli(), UpdatedAt: r.UpdatedAt.UnixMilli(), FinishedAt: milliOf(r.FinishedAt),
				DueMessages: r.DueMessages, DueFiles: r.DueFiles, Messages: r.Messages, Files: r.Files, Bytes: r.Bytes,
			})
		}
		return nil
	})
	return out, offered(err)
}

func checkRules(policy wire.RetentionPolicy) error {
	if err := checkCount(len(policy.Rules), len(wire.RoomClasses)); err != nil {
		return err
	}
	for _, r := range policy.Rules {
		if !slices.Contains(wire.RoomClasses, r.Class) {
			return refuse(wire.BadRequest, "", "no such kind of room")
		}
	}
	return nil
}

// PreviewRetention counts what rules would delete now, by class. Nothing is deleted.
func (c *Core) PreviewRetention(policy wire.RetentionPolicy) ([]RetentionCount, error) {
	out := []RetentionCount{}
	err := c.change(checkRules(policy), func(ctx context.Context, s *session) error {
		preview, err := s.auth.PreviewRetention(ctx, policy)
		for _, n := range preview.Classes {
			out = append(out, RetentionCount{
				Class: n.Class, Rooms: n.Rooms, Messages: n.Messages, Files: n.Files, Bytes: n.Bytes, Oldest: milliOf(n.Oldest),
				HeldRooms: n.HeldRooms, HeldMessages: n.HeldMessages,
			})
		}
		return err
	})
	return out, err
}

// SetRetention replaces the rules.
func (c *Core) SetRetention(policy wire.RetentionPolicy) (wire.RetentionPolicy, error) {
	var out wire.RetentionPolicy
	err := c.change(checkRules(policy), func(ctx context.Context, s *session) (err error) {
		out, err = s.auth.SetRetention(ctx, policy)
		return err
	})
	return out, err
}

// StartRetention begins a run, in the window or at once. rev is that of the rules that the page saw.
func (c *Core) StartRetention(inWindow bool, rev int64) error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		return s.auth.StartRetention(ctx, wire.StartRetention{InWindow: inWindow, Rev: rev})
	})
}

// CancelRetention ends a run after what it does just now.
func (c *Core) CancelRetention(runUUID string) error {
	return c.change(checkID(runUUID), func(ctx context.Context, s *session) error { return s.auth.CancelRetention(ctx, runUUID) })
}

// Holds returns a page of the legal holds: those that hold first. before is the Next of the page before, 0 at first.
func (c *Core) Holds(before int64) (HoldPage, error) {
	out := HoldPage{Holds: []Hold{}}
	err := c.change(checkPlace(before), func(ctx context.Context, s *session) error {
		list, err := s.auth.Holds(ctx, before)
		for _, h := range list.Holds {
			out.Holds = append(out.Holds, Hold{
				HoldUUID: h.HoldUUID, SubjectKind: h.SubjectKind, SubjectUUID: h.SubjectUUID, SubjectName: h.SubjectName,
				People: orEmpty(h.People), Rooms: h.Rooms, Reason: h.Reason, PlacedBy: h.PlacedBy, PlacedAt: h.PlacedAt.UnixMilli(), EndedBy: h.EndedBy, EndedAt: milliOf(h.EndedAt),
				EndReason: h.EndReason,
			})
		}
		out.Next = list.Next
		return err
	})
	return out, offered(err)
}

// PlaceHold keeps what is of a person or a room from being deleted; kind is "person" or "room".
func (c *Core) PlaceHold(kind, subjectUUID, reason string) error {
	wrong := checkID(subjectUUID)
	if wrong == nil {
		wrong = checkFields(kind, reason)
	}
	return c.change(wrong, func(ctx context.Context, s *session) error {
		_, err := s.auth.PlaceHold(ctx, wire.NewHold{SubjectKind: wire.AccessKind(kind), SubjectUUID: subjectUUID, Reason: reason})
		return err
	})
}

// EndHold ends a hold.
func (c *Core) EndHold(holdUUID, reason string) error {
	wrong := checkID(holdUUID)
	if wrong == nil {
		wrong = checkFields(reason)
	}
	return c.change(wrong, func(ctx context.Context, s *session) error {
		_, err := s.auth.EndHold(ctx, holdUUID, reason)
		return err
	})
}

// Health tells how the server is.
func (c *Core) Health() (Health, error) {
	out := Health{Lines: []wire.HealthLine{}}
	err := c.change(nil, func(ctx context.Context, s *session) error {
		w, err := s.auth.Health(ctx)
		if err != nil {
			return err
		}
		out.At, out.StartedAt, out.Version, out.CompanyName = w.At.UnixMilli(), w.StartedAt.UnixMilli(), w.Version, w.CompanyName
		out.Lines = append(out.Lines, w.Lines...)
		return nil
	})
	return out, offered(err)
}

// ProfileFields returns what people may change of their own profile, for administrators.
func (c *Core) ProfileFields() ([]wire.Field, error) {
	out := []wire.Field{}
	err := c.change(nil, func(ctx context.Context, s *session) error {
		fields, err := s.auth.ProfileFields(ctx)
		out = append(out, fields...)
		return err
	})
	return out, err
}

// SetProfileFields replaces it; was is what the page saw.
func (c *Core) SetProfileFields(fields, was []wire.Field) ([]wire.Field, error) {
	out := []wire.Field{}
	wrong := checkCount(max(len(fields), len(was)), len(wire.OwnFields))
	for _, f := range slices.Concat(fields, was) {
		if wrong == nil {
			wrong = checkField(string(f), maxTypeRunes)
		}
	}
	err := c.change(wrong, func(ctx context.Context, s *session) error {
		stored, err := s.auth.SetProfileFields(ctx, fields, append([]wire.Field{}, was...))
		out = append(out, stored...)
		return err
	})
	return out, err
}
