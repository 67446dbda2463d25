package shell

import "himsg/desktop/internal/core"

// This file holds what Bridge hands on about notices.

// OlderNotices hands on to Face.
func (b *Bridge) OlderNotices() error { return b.face.OlderNotices() }

// ReadNotice hands on to Face.
func (b *Bridge) ReadNotice(noticeUUID string, editedAt int64) error {
	return b.face.ReadNotice(noticeUUID, editedAt)
}

// ConfirmNotice hands on to Face.
func (b *Bridge) ConfirmNotice(noticeUUID string, editedAt int64) error {
	return b.face.ConfirmNotice(noticeUUID, editedAt)
}

// AllNotices hands on to Face.
func (b *Bridge) AllNotices(before int64) (core.AdminNotices, error) {
	return b.face.AllNotices(before)
}

// WriteNotice hands on to Face.
func (b *Bridge) WriteNotice(draft core.NoticeDraft) error { return b.face.WriteNotice(draft) }

// EditNotice hands on to Face.
func (b *Bridge) EditNotice(noticeUUID string, change core.NoticeChange) error {
	return b.face.EditNotice(noticeUUID, change)
}

// WithdrawNotice hands on to Face.
func (b *Bridge) WithdrawNotice(noticeUUID, reason string) error {
	return b.face.WithdrawNotice(noticeUUID, reason)
}

// RemindNotice hands on to Face.
func (b *Bridge) RemindNotice(noticeUUID string) (int, error) { return b.face.RemindNotice(noticeUUID) }

// NoticeStatus hands on to Face.
func (b *Bridge) NoticeStatus(noticeUUID string) (core.NoticeStatus, error) {
	return b.face.NoticeStatus(noticeUUID)
}

// NoticePeople hands on to Face.
func (b *Bridge) NoticePeople(noticeUUID string, query core.NoticePeopleQuery) (core.NoticePeople, error) {
	return b.face.NoticePeople(noticeUUID, query)
}

// SaveNotice hands on to Face.
func (b *Bridge) SaveNotice(noticeUUID string) (bool, error) { return b.face.SaveNotice(noticeUUID) }
