package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// messageSelect reads messages, and for each which of mentions (1), reactions (2) and files (4) it shows: most have none, and to ask
// for those of fifty messages costs more than to look for each whether there are any. Joins and a where clause follow. UUIDs come by
// db.nameAll.
const messageSelect = `select m.id, m.room_id, m.seq, m.rev, m.kind, m.sender_id, m.client_id, m.text, m.system_notice, m.created_at,
       coalesce(m.edited_at, 0), coalesce(m.deleted_at, 0), coalesce(m.reply_to_seq, 0), coalesce(m.forwarded_from, 0), m.pinned,
       case when m.kind <> 'user' or m.deleted_at is not null then 0 else
         exists (select 1 from mentions x where x.message_id = m.id) +
         2 * exists (select 1 from reactions x where x.message_id = m.id) +
         4 * exists (select 1 from message_files x where x.message_id = m.id) end
  from messages m
`

// usualPage is how many messages there is room for from the second on: what the app asks for, and one more.
const usualPage = 51

const (
	hasMentions = 1 << iota
	hasReactions
	hasFiles
)

// messages reads messages with what hangs on them, in one to four queries whatever their number. where begins with "join" or "where"
// and may end with order and limit.
func (db *DB) messages(ctx context.Context, q querier, where string, args ...any) ([]model.Message, error) {
	var has []int
	var page []model.Message
	var m model.Message
	var some int
	var notice sql.NullString
	places := []any{
		&m.ID, &m.RoomID, &m.Seq, &m.Rev, &m.Kind, &m.SenderID, &m.ClientID, &m.Text, &notice, &m.CreatedAt,
		&m.EditedAt, &m.DeletedAt, &m.ReplyToSeq, &m.ForwardedFrom, &m.Pinned, &some,
	}
	err := eachInto(ctx, q, places, func() (err error) {
		if len(page) == 1 { // it is not one alone, so it is a page
			page, has = slices.Grow(page, usualPage), slices.Grow(has, usualPage)
		}
		m.System, err = systemNotice(notice.String, m.ID)
		page, has = append(page, m), append(has, some)
		return err
	}, messageSelect+where, args...)
	if err != nil || len(page) == 0 {
		return nil, err
	}
	if err := db.nameAll(ctx, q, page); err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	for _, kind := range []struct {
		name   string
		has    int
		attach func(context.Context, querier, map[int64]*model.Message, []any) error
	}{
		{"mentions", hasMentions, db.attachMentions}, {"reactions", hasReactions, db.attachReactions}, {"files", hasFiles, attachFiles},
	} {
		index := map[int64]*model.Message{}
		var ids []any
		for i := range page {
			if m := &page[i]; has[i]&kind.has != 0 {
				index[m.ID], ids = m, append(ids, m.ID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		if err := kind.attach(ctx, q, index, ids); err != nil {
			return nil, fmt.Errorf("%s: %w", kind.name, err)
		}
	}
	return page, nil
}

// systemNotice is what a system message says, as it is stored; nil: it is none.
func systemNotice(stored string, messageID int64) (*wire.SystemNotice, error) {
	if stored == "" {
		return nil, nil //nolint:nilnil // most messages are people's
	}
	notice := &wire.SystemNotice{}
	if err := wire.Unmarshal([]byte(stored), notice); err != nil {
		return nil, fmt.Errorf("system notice of message %d: %w", messageID, err)
	}
	return notice, nil
}

// called is who is mentioned by a message, or reacts to it.
type called struct {
	message, user int64
	uuid, emoji   string
}

func (db *DB) attachMentions(ctx context.Context, q querier, index map[int64]*model.Message, ids []any) error {
	rows, err := collect(ctx, q, func(row scanner) (c called, err error) {
		err = row.Scan(&c.message, &c.user)
		return c, err
	}, `select x.message_id, x.user_id
  from mentions x
 where x.message_id in (`+holes(len(ids))+`)
 order by x.message_id, x.user_id`, ids...)
	if err != nil {
		return err
	}
	if err := db.nameCalled(ctx, q, rows); err != nil {
		return err
	}
	for _, c := range rows {
		if m := index[c.message]; c.uuid == "" {
			m.MentionAll = true
		} else {
			m.Mentions = append(m.Mentions, c.uuid)
		}
	}
	return nil
}

// attachReactions groups reactions by emoji, the emoji that was used first at the front.
func (db *DB) attachReactions(ctx context.Context, q querier, index map[int64]*model.Message, ids []any) error {
	rows, err := collect(ctx, q, func(row scanner) (c called, err error) {
		err = row.Scan(&c.message, &c.emoji, &c.user)
		return c, err
	}, `select x.message_id, x.emoji, x.user_id
  from reactions x
 where x.message_id in (`+holes(len(ids))+`)
 order by x.message_id, x.created_at, x.emoji, x.user_id`, ids...)
	if err != nil {
		return err
	}
	if err := db.nameCalled(ctx, q, rows); err != nil {
		return err
	}
	for _, c := range rows {
		addReaction(index[c.message], c.emoji, c.uuid)
	}
	return nil
}

func (db *DB) nameCalled(ctx context.Context, q querier, rows []called) error {
	return db.userUUIDs.fill(ctx, q, len(rows), func(i int) (int64, *string) { return rows[i].user, &rows[i].uuid })
}

func addReaction(m *model.Message, emoji, uuid string) {
	for i := range m.Reactions {
		if m.Reactions[i].Emoji == emoji {
			m.Reactions[i].UserUUIDs = append(m.Reactions[i].UserUUIDs, uuid)
			return
		}
	}
	m.Reactions = append(m.Reactions, wire.Reaction{Emoji: emoji, UserUUIDs: []string{uuid}})
}
