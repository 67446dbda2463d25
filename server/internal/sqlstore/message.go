package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// messageSelect reads messages with the UUIDs of their rooms and senders; a where clause follows.
const messageSelect = `select m.id, m.room_id, r.room_uuid, m.seq, m.rev, m.kind, m.sender_id,
       coalesce(u.user_uuid, ''), m.client_id, m.text, m.system_notice, m.created_at, coalesce(m.edited_at, 0), coalesce(m.deleted_at, 0),
       coalesce(m.reply_to_seq, 0), coalesce(m.forwarded_from, 0), m.pinned
  from messages m
  join rooms r on r.id = m.room_id
  left join users u on u.id = m.sender_id
`

func scanMessage(row scanner) (model.Message, error) {
	var m model.Message
	var notice sql.NullString
	err := row.Scan(&m.ID, &m.RoomID, &m.RoomUUID, &m.Seq, &m.Rev, &m.Kind, &m.SenderID, &m.SenderUUID,
		&m.ClientID, &m.Text, &notice, &m.CreatedAt, &m.EditedAt, &m.DeletedAt,
		&m.ReplyToSeq, &m.ForwardedFrom, &m.Pinned)
	if err != nil || notice.String == "" {
		return m, err
	}
	m.System = &wire.SystemNotice{}
	if err := json.Unmarshal([]byte(notice.String), m.System); err != nil {
		return m, fmt.Errorf("system notice of message %d: %w", m.ID, err)
	}
	return m, nil
}

// messages reads messages with what hangs on them, in four queries whatever their number. where begins with "where"
// and may end with order and limit.
func messages(ctx context.Context, q querier, where string, args ...any) ([]model.Message, error) {
	page, err := collect(ctx, q, scanMessage, messageSelect+where, args...)
	if err != nil || len(page) == 0 {
		return page, err
	}
	if err := attachMentions(ctx, q, page); err != nil {
		return nil, fmt.Errorf("mentions: %w", err)
	}
	if err := attachReactions(ctx, q, page); err != nil {
		return nil, fmt.Errorf("reactions: %w", err)
	}
	if err := attachFiles(ctx, q, page); err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	return page, nil
}

// byID indexes messages, and lists the ids of those that can have something hanging on them.
func byID(page []model.Message) (index map[int64]*model.Message, ids []any) {
	index = make(map[int64]*model.Message, len(page))
	for i := range page {
		if m := &page[i]; m.DeletedAt == 0 && m.Kind == wire.MessageUser {
			index[m.ID] = m
			ids = append(ids, m.ID)
		}
	}
	return index, ids
}

func attachMentions(ctx context.Context, q querier, page []model.Message) error {
	index, ids := byID(page)
	if len(ids) == 0 {
		return nil
	}
	return each(ctx, q, func(row scanner) error {
		var id int64
		var uuid string
		if err := row.Scan(&id, &uuid); err != nil {
			return err
		}
		if uuid == "" {
			index[id].MentionAll = true
		} else {
			index[id].Mentions = append(index[id].Mentions, uuid)
		}
		return nil
	}, `select x.message_id, coalesce(u.user_uuid, '')
  from mentions x
  left join users u on u.id = x.user_id
 where x.message_id in (`+holes(len(ids))+`)
 order by x.message_id, x.user_id`, ids...)
}

// attachReactions groups reactions by emoji, the emoji that was used first at the front.
func attachReactions(ctx context.Context, q querier, page []model.Message) error {
	index, ids := byID(page)
	if len(ids) == 0 {
		return nil
	}
	return each(ctx, q, func(row scanner) error {
		var id int64
		var emoji, uuid string
		if err := row.Scan(&id, &emoji, &uuid); err != nil {
			return err
		}
		addReaction(index[id], emoji, uuid)
		return nil
	}, `select x.message_id, x.emoji, u.user_uuid
  from reactions x
  join users u on u.id = x.user_id
 where x.message_id in (`+holes(len(ids))+`)
 order by x.message_id, x.created_at, x.emoji, x.user_id`, ids...)
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
