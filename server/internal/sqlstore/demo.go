package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"himsg/server/internal/demo"
	"himsg/server/internal/model"
)

// This file loads the demo company (package demo): rows with their ids, into an empty database.

var _ demo.Store = (*DB)(nil)

// loadRows is how many rows one insert takes: with the widest table it stays below SQLite's 32,766 marks.
const loadRows = 500

// UserCount tells how many accounts there are, in any state.
func (db *DB) UserCount(ctx context.Context) (int, error) {
	var n int
	err := db.read(ctx, "count users", func(q querier) error {
		return q.QueryRowContext(ctx, "select count(*) from users").Scan(&n)
	})
	return n, err
}

// Load inserts a batch.
func (db *DB) Load(ctx context.Context, b demo.Batch) error {
	return db.write(ctx, "load demo", func(tx *sql.Tx) error {
		for _, part := range []bulk{
			departmentRows(b.Departments, b.Users), userRows(b.Users), roomRows(b.Rooms), memberRows(b.Members),
			messageRows(b.Messages), reactionRows(b.Reactions),
		} {
			if err := part.insert(ctx, tx); err != nil {
				return err
			}
		}
		for _, act := range b.Acts {
			if err := db.appendAudit(ctx, tx, act); err != nil {
				return fmt.Errorf("append to the audit: %w", err)
			}
		}
		return nil
	})
}

// FinishLoad sets the directory's revision.
func (db *DB) FinishLoad(ctx context.Context, directoryRev int64) error {
	return db.write(ctx, "finish demo", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "update counters set value = ? where name = 'directory_rev'", directoryRev)
		return err
	})
}

// bulk is rows of one table.
type bulk struct {
	table   string
	columns []string
	rows    [][]any
}

func (b bulk) insert(ctx context.Context, tx *sql.Tx) error {
	head := "insert into " + b.table + " (" + strings.Join(b.columns, ", ") + ") values "
	for rows := b.rows; len(rows) > 0; rows = rows[min(loadRows, len(rows)):] {
		part := rows[:min(loadRows, len(rows))]
		args := make([]any, 0, len(part)*len(b.columns))
		for _, r := range part {
			args = append(args, r...)
		}
		if _, err := tx.ExecContext(ctx, head+tuples(len(part), len(b.columns)), args...); err != nil {
			return fmt.Errorf("insert into %s: %w", b.table, err)
		}
	}
	return nil
}

func departmentRows(departments []model.Department, users []model.User) bulk {
	b := bulk{table: "departments", columns: strings.Fields("id department_uuid parent_id name head_user_id sort rev created_at")}
	ids := make(map[string]int64, len(users))
	for _, u := range users {
		ids[u.UUID] = u.ID
	}
	for _, d := range departments {
		b.rows = append(b.rows, []any{
			d.ID, d.UUID, orNull(d.ParentID), d.Name, orNull(ids[d.HeadUUID]), d.Sort, d.Rev, d.CreatedAt,
		})
	}
	return b
}

func userRows(users []model.User) bulk {
	b := bulk{table: "users", columns: strings.Fields(`id user_uuid username username_key employee_id employee_id_key email
		email_key name birth_date position grade department department_id phone status_text password_hash role state rev
		created_at updated_at decided_at`)}
	for _, u := range users {
		b.rows = append(b.rows, []any{
			u.ID, u.UUID, u.Username, model.Key(u.Username), u.EmployeeID, model.Key(u.EmployeeID), u.Email,
			model.Key(u.Email), u.Name, u.BirthDate, u.Position, u.Grade, u.Department, orNull(u.DepartmentID), u.Phone,
			u.StatusText, u.PasswordHash, string(u.Role), string(u.State), u.Rev, u.CreatedAt, u.UpdatedAt, u.DecidedAt,
		})
	}
	return b
}

func roomRows(rooms []demo.Room) bulk {
	b := bulk{table: "rooms", columns: strings.Fields(`id room_uuid kind name direct_key created_by created_at last_seq rev
		meta_rev last_message_at changed_at department_uuid`)}
	for _, r := range rooms {
		var key any
		if r.DirectKey != "" {
			key = r.DirectKey
		}
		b.rows = append(b.rows, []any{
			r.ID, r.UUID, string(r.Kind), r.Name, key, r.CreatedBy, r.CreatedAt, r.LastSeq, r.Rev, r.MetaRev,
			r.LastMessageAt, max(r.LastMessageAt, r.CreatedAt), nullText(r.DepartmentUUID),
		})
	}
	return b
}

func memberRows(members []model.Member) bulk {
	b := bulk{table: "room_members", columns: strings.Fields(`room_id user_id role joined_seq joined_at last_read_seq my_rev
		hidden_seq`)}
	for _, m := range members {
		b.rows = append(b.rows, []any{
			m.RoomID, m.UserID, string(m.Role), m.JoinedSeq, 0, m.LastReadSeq, m.MyRev, m.HiddenSeq,
		})
	}
	return b
}

func messageRows(messages []model.Message) bulk {
	b := bulk{table: "messages", columns: strings.Fields(`id room_id seq rev kind sender_id client_id text system_notice
		created_at deleted_at deleted_by reply_to_seq`)}
	for _, m := range messages {
		var notice any
		if m.System != nil {
			text, _ := json.Marshal(m.System) // a struct of strings always encodes
			notice = string(text)
		}
		var deletedBy any
		if m.DeletedAt != 0 {
			deletedBy = m.SenderID
		}
		b.rows = append(b.rows, []any{
			m.ID, m.RoomID, m.Seq, m.Rev, string(m.Kind), m.SenderID, m.ClientID, m.Text, notice, m.CreatedAt,
			orNull(m.DeletedAt), deletedBy, orNull(m.ReplyToSeq),
		})
	}
	return b
}

func reactionRows(reactions []demo.Reaction) bulk {
	b := bulk{table: "reactions", columns: strings.Fields("message_id user_id emoji created_at")}
	for _, r := range reactions {
		b.rows = append(b.rows, []any{r.MessageID, r.UserID, r.Emoji, r.At})
	}
	return b
}

// orNull stores 0 as null.
func orNull(v int64) any {
	if v == 0 {
		return nil
	}
	return v
}
