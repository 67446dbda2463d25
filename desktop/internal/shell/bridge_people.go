package shell

import (
	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// This file holds what Bridge hands on for administrators of people.

// PendingResets hands on to Face.
func (b *Bridge) PendingResets() ([]core.PendingReset, error) { return b.face.PendingResets() }

// ApproveReset hands on to Face.
func (b *Bridge) ApproveReset(id int64) error { return b.face.ApproveReset(id) }

// RejectReset hands on to Face.
func (b *Bridge) RejectReset(id int64, reason string) error { return b.face.RejectReset(id, reason) }

// MakeResetCode hands on to Face.
func (b *Bridge) MakeResetCode(userUUID string) (core.OneTimeCode, error) {
	return b.face.MakeResetCode(userUUID)
}

// Person hands on to Face.
func (b *Bridge) Person(userUUID string) (core.Person, error) { return b.face.Person(userUUID) }

// ChangePerson hands on to Face.
func (b *Bridge) ChangePerson(userUUID string, change wire.PersonRequest) (core.Person, error) {
	return b.face.ChangePerson(userUUID, change)
}

// ChoosePersonPicture hands on to Face.
func (b *Bridge) ChoosePersonPicture(userUUID string) (bool, error) {
	return b.face.ChoosePersonPicture(userUUID)
}

// RemovePersonPicture hands on to Face.
func (b *Bridge) RemovePersonPicture(userUUID string) error {
	return b.face.RemovePersonPicture(userUUID)
}

// ChangeAccounts hands on to Face.
func (b *Bridge) ChangeAccounts(userUUIDs []string, change core.AccountChange) ([]core.AccountFate, error) {
	return b.face.ChangeAccounts(userUUIDs, change)
}

// AssignPeople hands on to Face.
func (b *Bridge) AssignPeople(userUUIDs []string, to core.Assignment) (int, error) {
	return b.face.AssignPeople(userUUIDs, to)
}

// CreateDepartment hands on to Face.
func (b *Bridge) CreateDepartment(parentUUID, name string) (string, error) {
	return b.face.CreateDepartment(parentUUID, name)
}

// ChangeDepartment hands on to Face.
func (b *Bridge) ChangeDepartment(departmentUUID string, change wire.DepartmentRequest) error {
	return b.face.ChangeDepartment(departmentUUID, change)
}

// DeleteDepartment hands on to Face.
func (b *Bridge) DeleteDepartment(departmentUUID, moveTo string) error {
	return b.face.DeleteDepartment(departmentUUID, moveTo)
}

// DepartmentRooms hands on to Face.
func (b *Bridge) DepartmentRooms() ([]wire.DepartmentRoom, error) { return b.face.DepartmentRooms() }

// SetDepartmentRoom hands on to Face.
func (b *Bridge) SetDepartmentRoom(departmentUUID string, whole bool) error {
	return b.face.SetDepartmentRoom(departmentUUID, whole)
}

// EndDepartmentRoom hands on to Face.
func (b *Bridge) EndDepartmentRoom(departmentUUID string) error {
	return b.face.EndDepartmentRoom(departmentUUID)
}

// ChooseImport hands on to Face.
func (b *Bridge) ChooseImport() (bool, error) { return b.face.ChooseImport() }

// ImportStatus hands on to Face.
func (b *Bridge) ImportStatus() (core.PeopleImport, error) { return b.face.ImportStatus() }

// ImportRows hands on to Face.
func (b *Bridge) ImportRows(after int, only string) (core.ImportRows, error) {
	return b.face.ImportRows(after, only)
}

// ApplyImport hands on to Face.
func (b *Bridge) ApplyImport() error { return b.face.ApplyImport() }

// EndImport hands on to Face.
func (b *Bridge) EndImport() error { return b.face.EndImport() }

// SaveImportCodes hands on to Face.
func (b *Bridge) SaveImportCodes() (bool, error) { return b.face.SaveImportCodes() }

// ExportPeople hands on to Face.
func (b *Bridge) ExportPeople(format string) (bool, error) { return b.face.ExportPeople(format) }

// DeletePerson hands on to Face.
func (b *Bridge) DeletePerson(userUUID string, order core.DeleteOrder) (core.Backup, error) {
	return b.face.DeletePerson(userUUID, order)
}

// Backups hands on to Face.
func (b *Bridge) Backups(before int64) (core.BackupPage, error) { return b.face.Backups(before) }

// CancelBackup hands on to Face.
func (b *Bridge) CancelBackup(backupUUID string) error { return b.face.CancelBackup(backupUUID) }

// SaveBackup hands on to Face.
func (b *Bridge) SaveBackup(backupUUID string) (bool, error) { return b.face.SaveBackup(backupUUID) }

// StopSaving hands on to Face.
func (b *Bridge) StopSaving() error { return b.face.StopSaving() }
