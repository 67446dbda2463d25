package shell

import "himsg/desktop/internal/core"

// This file holds what Bridge hands on about reading others' conversations.

// AccessRequests hands on to Face.
func (b *Bridge) AccessRequests(before int64) (core.AccessPage, error) {
	return b.face.AccessRequests(before)
}

// AskAccess hands on to Face.
func (b *Bridge) AskAccess(order core.AccessOrder) (core.Access, error) {
	return b.face.AskAccess(order)
}

// DecideAccess hands on to Face.
func (b *Bridge) DecideAccess(accessUUID, verb string) error {
	return b.face.DecideAccess(accessUUID, verb)
}

// AccessRooms hands on to Face.
func (b *Bridge) AccessRooms(accessUUID string) ([]core.AccessRoom, error) {
	return b.face.AccessRooms(accessUUID)
}

// SaveAccessFile hands on to Face.
func (b *Bridge) SaveAccessFile(accessUUID, fileID, name string) (bool, error) {
	return b.face.SaveAccessFile(accessUUID, fileID, name)
}

// FindRooms hands on to Face.
func (b *Bridge) FindRooms(members []string, before int64) (core.FoundRooms, error) {
	return b.face.FindRooms(members, before)
}

// AccessMessages hands on to Face.
func (b *Bridge) AccessMessages(accessUUID, roomUUID string, after int64) (core.AccessMessages, error) {
	return b.face.AccessMessages(accessUUID, roomUUID, after)
}

// SearchAccess hands on to Face.
func (b *Bridge) SearchAccess(accessUUID, roomUUID, text string, before int64) (core.AccessMessages, error) {
	return b.face.SearchAccess(accessUUID, roomUUID, text, before)
}
