package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file says who may have which file, at the moment of asking.

var (
	textFileGone    = errs.Text{KO: "보관 기간이 지나 삭제된 파일입니다.", EN: "This file was removed after its time of storage."}
	textFileDeleted = errs.Text{KO: "메시지와 함께 삭제된 파일입니다.", EN: "This file was deleted with its message."}
	textFileNo      = errs.Text{KO: "파일 다운로드 권한이 없습니다.", EN: "You may not download this file."}
	textBadPlace    = errs.Text{KO: "올바른 조회 위치가 아닙니다.", EN: "This is not a place to go on from."}
)

// seenBy is the condition that a person sees what hangs on a message (x): in its room now, after his joining or with open
// history, not deleted by himself. Its argument is the person. A deleted message has no rows in message_files.
const seenBy = `exists (select 1
         from rooms r
         join room_members m on m.room_id = r.id
        where r.id = x.room_id
          and m.user_id = ?
          and ` + insight + `
          and ` + presentRoom + `
          and not ` + hiddenBy + `)`

// onceSeenBy is the condition that a person would have seen it when he left. Its argument is the person.
const onceSeenBy = `exists (select 1
         from rooms r
         join room_members m on m.room_id = r.id
        where r.id = x.room_id
          and m.user_id = ?
          and ` + insight + `
          and x.seq <= m.left_seq
          and not ` + hiddenBy + `)`

const (
	// insight is the condition that a message (x) lies within what a member (m) sees of a room (r).
	insight = "(x.seq > m.joined_seq or r.history = '" + openHistory + "')"
	// hiddenBy is the condition that he deleted it for himself.
	hiddenBy = "exists (select 1 from message_hides h where h.user_id = m.user_id and h.room_id = x.room_id and h.seq = x.seq)"
)

// VisibleFile implements files.Store.
func (db *DB) VisibleFile(ctx context.Context, userID int64, fileUUID string) (f model.File, err error) {
	err = db.snapshot(ctx, "visible file", func(q querier) error {
		f, err = scanFile(q.QueryRowContext(ctx, "select "+fileColumns+`
  from files f
 where f.file_uuid = ?
   and f.state = 'ready'
   and (f.uploader_id = ? and f.sent_at is null
        or exists (select 1 from message_files x where x.file_id = f.id and `+seenBy+`))`, fileUUID, userID, userID))
		if errors.Is(err, sql.ErrNoRows) {
			return whyNoFile(ctx, q, userID, fileUUID)
		}
		return stillThere(f, err)
	})
	return f, err
}

// whyNoFile is the refusal of a file that a person can't have.
func whyNoFile(ctx context.Context, q querier, userID int64, fileUUID string) error {
	own, err := scanFile(q.QueryRowContext(ctx, "select "+fileColumns+`
  from files f
 where f.file_uuid = ?
   and f.uploader_id = ?
   and f.sent_at is null
   and f.state <> 'ready'`, fileUUID, userID))
	if err == nil {
		return sendable(&own)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	const hung = "(select 1 from message_files x join files f on f.id = x.file_id where f.file_uuid = ? and "
	const buried = "(select 1 from file_graves x where x.file_uuid = ? and "
	var left, deleted bool
	err = q.QueryRowContext(ctx,
		"select exists "+buried+seenBy+") or exists "+hung+inRoomBy+" and not "+seenBy+
			"), exists "+hung+onceSeenBy+") or exists "+buried+onceSeenBy+")",
		fileUUID, userID, fileUUID, userID, userID, fileUUID, userID, fileUUID, userID).Scan(&deleted, &left)
	switch {
	case err != nil:
		return err
	case deleted:
		return errs.E(wire.NotFound, wire.ReasonFileDeleted, textFileDeleted)
	case left:
		return errs.E(wire.Forbidden, wire.ReasonFileForbidden, textFileNo)
	}
	return unknownFile()
}

// inRoomBy is the condition that it lies within what a member who is there sees of the room, also if he hid it.
const inRoomBy = `exists (select 1
         from rooms r
         join room_members m on m.room_id = r.id
        where r.id = x.room_id
          and m.user_id = ?
          and ` + insight + `
          and ` + presentRoom + `)`

// stillThere refuses a file whose bytes retention removed.
func stillThere(f model.File, err error) error {
	if err == nil && f.GoneAt != 0 {
		return errs.E(wire.NotFound, wire.ReasonFileGone, textFileGone)
	}
	return err
}

// MessageFile implements files.Store.
func (db *DB) MessageFile(ctx context.Context, userID, messageID int64) (f model.File, err error) {
	err = db.snapshot(ctx, "file of a message", func(q querier) error {
		var there, left, hidden bool
		err := q.QueryRowContext(ctx, "select "+inRoomBy+", "+onceSeenBy+`, x.deleted_at is not null
       or exists (select 1 from message_hides h where h.user_id = ? and h.room_id = x.room_id and h.seq = x.seq)
  from messages x
 where x.id = ?`, userID, userID, userID, messageID).Scan(&there, &left, &hidden)
		switch {
		case err == nil && there && hidden:
			return errs.E(wire.NotFound, wire.ReasonFileDeleted, textFileDeleted)
		case err == nil && left && !there:
			return errs.E(wire.Forbidden, wire.ReasonFileForbidden, textFileNo)
		case err == nil && there:
			f, err = scanFile(q.QueryRowContext(ctx, "select "+fileColumns+`
  from message_files x
  join files f on f.id = x.file_id
 where x.message_id = ?
 order by x.position
 limit 1`, messageID))
		case err == nil:
			err = sql.ErrNoRows
		}
		if errors.Is(err, sql.ErrNoRows) {
			return unknownFile()
		}
		return stillThere(f, err)
	})
	return f, err
}

// filePlace is where a file hangs within a room: what a page of files ends at.
type filePlace struct{ seq, position int64 }

func (p filePlace) String() string { return fmt.Sprintf("%d.%d", p.seq, p.position) }

// parsePlace reads a place; empty is before the newest file.
func parsePlace(s string) (p filePlace, err error) {
	if s == "" {
		return filePlace{seq: math.MaxInt64}, nil
	}
	n, err := fmt.Sscanf(s, "%d.%d", &p.seq, &p.position)
	if err != nil || n != 2 || p.String() != s || p.seq < 0 || p.position < 0 {
		return p, errs.BadField("before", textBadPlace)
	}
	return p, nil
}

// RoomFiles implements files.Store.
func (db *DB) RoomFiles(ctx context.Context, asked files.RoomFiles) (reply wire.RoomFilesReply, err error) {
	before, err := parsePlace(asked.Before)
	if err != nil {
		return reply, err
	}
	var last filePlace
	err = db.snapshot(ctx, "files of a room", func(q querier) error {
		reply = wire.RoomFilesReply{Files: []wire.RoomFile{}}
		room, visible, err := sightOf(ctx, q, asked.UserID, asked.RoomUUID)
		if err != nil {
			return err
		}
		query, args := roomFilesQuery(asked, room, visible, before)
		return each(ctx, q, func(row scanner) error {
			var entry wire.RoomFile
			var at filePlace
			var written int64
			f, err := scanFile(also{row, []any{&entry.MessageID, &at.seq, &at.position, &entry.SenderUUID, &written}})
			if err != nil {
				return err
			}
			if len(reply.Files) == asked.Limit {
				reply.Next = last.String()
				return nil
			}
			entry.File, entry.Seq, entry.Timestamp = f.Wire(), at.seq, wire.TimeOfMilli(written)
			reply.Files, last = append(reply.Files, entry), at
			return nil
		}, query, args...)
	})
	return reply, err
}

// sightOf returns a room's id and the seq after which a person sees it. forbidden (file_forbidden) for who was a member,
// not_found for all others.
func sightOf(ctx context.Context, q querier, userID int64, roomUUID string) (roomID, visible int64, err error) {
	var history string
	var present bool
	err = q.QueryRowContext(ctx, `select r.id, r.history, m.joined_seq, `+presentRoom+`
  from rooms r
  join room_members m on m.room_id = r.id
 where r.room_uuid = ?
   and m.user_id = ?`, roomUUID, userID).Scan(&roomID, &history, &visible, &present)
	switch {
	case err != nil:
		return 0, 0, noRows(err, textNoRoom)
	case !present:
		return 0, 0, errs.E(wire.Forbidden, wire.ReasonFileForbidden, textFileNo)
	case history == openHistory:
		visible = 0
	}
	return roomID, visible, nil
}

// roomFilesQuery asks for one file more than the page has.
func roomFilesQuery(asked files.RoomFiles, room, visible int64, before filePlace) (query string, args []any) {
	var b strings.Builder
	b.WriteString("select " + fileColumns + `, x.message_id, x.seq, x.position, coalesce(u.user_uuid, ''), m.created_at
  from message_files x
  join files f on f.id = x.file_id
  join messages m on m.id = x.message_id
  left join users u on u.id = m.sender_id
 where x.room_id = ?
   and x.seq > ?
   and x.seq <= ?
   and (x.seq < ? or x.position > ?)
   and not exists (select 1 from message_hides h where h.user_id = ? and h.room_id = x.room_id and h.seq = x.seq)`)
	args = []any{room, visible, before.seq, before.seq, before.position, asked.UserID}
	switch asked.Kind {
	case "photo":
		b.WriteString("\n   and f.thumbnail = 1")
	case "other":
		b.WriteString("\n   and f.thumbnail = 0")
	}
	if asked.Query != "" {
		b.WriteString("\n   and instr(f.name_key, ?) > 0")
		args = append(args, asked.Query)
	}
	b.WriteString("\n order by x.seq desc, x.position\n limit ?")
	return b.String(), append(args, asked.Limit+1)
}
