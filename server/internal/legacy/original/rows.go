package original

import (
	"context"
	"strconv"

	"himsg/server/internal/legacy"
)

// values are a row's columns as texts; null is empty.
type values map[string]string

func (v values) number(column string) int64 {
	n, _ := strconv.ParseInt(v[column], 10, 64) // null, or no number: 0
	return n
}

// flag reads MySQL's booleans: tinyint, or bit.
func (v values) flag(column string) bool {
	s := v[column]
	return s != "" && s != "0" && s != "\x00"
}

// People implements legacy.Source.
func (d *Database) People(ctx context.Context, fn func(legacy.Person) error) error {
	return d.each(ctx, "users", []string{
		"id", "user_uuid", "name", "employee_id", "birth_date", "position", "grade", "department", "email", "username", "password_hash",
		"is_approved", "is_admin", "is_rejected", "created_at",
	}, d.ordered("users"), func(v values) error {
		return fn(legacy.Person{
			ID: v.number("id"), UUID: v["user_uuid"], Name: v["name"], EmployeeID: v["employee_id"], BirthDate: v["birth_date"],
			Position: v["position"], Grade: v["grade"], Department: v["department"], Email: v["email"], Username: v["username"],
			PasswordHash: v["password_hash"], Approved: v.flag("is_approved"), Admin: v.flag("is_admin"), Rejected: v.flag("is_rejected"),
			CreatedAt: v["created_at"],
		})
	})
}

// Rooms implements legacy.Source.
func (d *Database) Rooms(ctx context.Context, fn func(legacy.Room) error) error {
	return d.each(ctx, "chat_room", []string{"id", "room_uuid", "name", "created_at"}, d.ordered("chat_room"), func(v values) error {
		return fn(legacy.Room{ID: v.number("id"), UUID: v["room_uuid"], Name: v["name"], CreatedAt: v["created_at"]})
	})
}

// Seats implements legacy.Source.
func (d *Database) Seats(ctx context.Context, fn func(legacy.Seat) error) error {
	return d.each(ctx, "chat_room_member", []string{"id", "room_uuid", "user_uuid"}, d.ordered("chat_room_member"), func(v values) error {
		return fn(legacy.Seat{ID: v.number("id"), RoomUUID: v["room_uuid"], UserUUID: v["user_uuid"]})
	})
}

// RoomReads implements legacy.Source.
func (d *Database) RoomReads(ctx context.Context, fn func(legacy.RoomRead) error) error {
	const table = "group_chat_read_status"
	return d.each(ctx, table, []string{"id", "user_uuid", "room_uuid", "last_read_at"}, d.ordered(table), func(v values) error {
		return fn(legacy.RoomRead{ID: v.number("id"), UserUUID: v["user_uuid"], RoomUUID: v["room_uuid"], At: v["last_read_at"]})
	})
}

// MessageReads implements legacy.Source.
func (d *Database) MessageReads(ctx context.Context, fn func(legacy.MessageRead) error) error {
	const table = "message_reads"
	return d.each(ctx, table, []string{"message_id", "reader_uuid"}, d.ordered(table), func(v values) error {
		return fn(legacy.MessageRead{MessageID: v.number("message_id"), ReaderUUID: v["reader_uuid"]})
	})
}

// Messages implements legacy.Source.
func (d *Database) Messages(ctx context.Context, after int64, limit int) (page []legacy.Message, err error) {
	err = d.each(ctx, "messages", []string{
		"id", "sender_id", "receiver_id", "sender_uuid", "receiver_uuid", "room_uuid", "message_text", "image_path", "file_path",
		"file_name", "file_type", "timestamp",
	}, " where id > ? order by id limit ?", func(v values) error {
		page = append(page, legacy.Message{
			ID: v.number("id"), SenderID: v.number("sender_id"), ReceiverID: v.number("receiver_id"), SenderUUID: v["sender_uuid"],
			ReceiverUUID: v["receiver_uuid"], RoomUUID: v["room_uuid"], Text: v["message_text"], ImagePath: v["image_path"],
			FilePath: v["file_path"], FileName: v["file_name"], FileType: v["file_type"], At: v["timestamp"],
		})
		return nil
	}, after, limit)
	return page, err
}
