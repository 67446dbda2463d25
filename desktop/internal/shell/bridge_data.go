package shell

import (
	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// This file hands on what administrators do about what the server keeps, and how it is.

// FilePolicy hands on to Face.
func (b *Bridge) FilePolicy() (wire.FilePolicyReply, error) { return b.face.FilePolicy() }

// SetFilePolicy hands on to Face.
func (b *Bridge) SetFilePolicy(policy wire.FilePolicy) (wire.FilePolicyReply, error) {
	return b.face.SetFilePolicy(policy)
}

// Retention hands on to Face.
func (b *Bridge) Retention() (core.Retention, error) { return b.face.Retention() }

// PreviewRetention hands on to Face.
func (b *Bridge) PreviewRetention(policy wire.RetentionPolicy) ([]core.RetentionCount, error) {
	return b.face.PreviewRetention(policy)
}

// SetRetention hands on to Face.
func (b *Bridge) SetRetention(policy wire.RetentionPolicy) (wire.RetentionPolicy, error) {
	return b.face.SetRetention(policy)
}

// StartRetention hands on to Face.
func (b *Bridge) StartRetention(inWindow bool, rev int64) error {
	return b.face.StartRetention(inWindow, rev)
}

// CancelRetention hands on to Face.
func (b *Bridge) CancelRetention(runUUID string) error { return b.face.CancelRetention(runUUID) }

// Holds hands on to Face.
func (b *Bridge) Holds(before int64) (core.HoldPage, error) { return b.face.Holds(before) }

// PlaceHold hands on to Face.
func (b *Bridge) PlaceHold(kind, subjectUUID, reason string) error {
	return b.face.PlaceHold(kind, subjectUUID, reason)
}

// EndHold hands on to Face.
func (b *Bridge) EndHold(holdUUID, reason string) error { return b.face.EndHold(holdUUID, reason) }

// Health hands on to Face.
func (b *Bridge) Health() (core.Health, error) { return b.face.Health() }

// ProfileFields hands on to Face.
func (b *Bridge) ProfileFields() ([]wire.Field, error) { return b.face.ProfileFields() }

// SetProfileFields hands on to Face.
func (b *Bridge) SetProfileFields(fields, was []wire.Field) ([]wire.Field, error) {
	return b.face.SetProfileFields(fields, was)
}
