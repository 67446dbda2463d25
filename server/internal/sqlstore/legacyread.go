package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"himsg/server/internal/legacy"
)

// LegacyUnfinished reports whether an import of an original Hi_Msg was broken off: no server may start before it is done.
func (db *DB) LegacyUnfinished(ctx context.Context) (unfinished bool, err error) {
	err = db.read(ctx, "unfinished legacy import", func(q querier) error {
		var n int
		err := q.QueryRowContext(ctx, "select count(*) from legacy_imports where state = ?", string(legacy.Copying)).Scan(&n)
		unfinished = n > 0
		return err
	})
	return unfinished, err
}

// LegacyImport implements legacy.Store.
func (db *DB) LegacyImport(ctx context.Context, fingerprint string) (i legacy.Import, err error) {
	err = db.read(ctx, "legacy import", func(q querier) error {
		err := q.QueryRowContext(ctx, `select id, import_uuid, fingerprint, state, phase, after_id, detail
  from legacy_imports
 order by case when fingerprint = ? then 0 when state = ? then 1 else 2 end, id
 limit 1`, fingerprint, string(legacy.Copying)).Scan(&i.ID, &i.UUID, &i.Fingerprint, &i.State, &i.Phase, &i.AfterID, &i.Detail)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return i, err
}

// LegacyAccounts implements legacy.Store.
func (db *DB) LegacyAccounts(ctx context.Context) (accounts []legacy.Account, err error) {
	err = db.read(ctx, "accounts", func(q querier) error {
		accounts, err = collect(ctx, q, func(row scanner) (a legacy.Account, err error) {
			err = row.Scan(&a.ID, &a.UUID, &a.UsernameKey, &a.EmployeeKey, &a.EmailKey)
			return a, err
		}, `select u.id, u.user_uuid, coalesce(u.username_key, ''), coalesce(u.employee_id_key, ''), coalesce(u.email_key, '')
  from users u
 order by u.id`)
		return err
	})
	return accounts, err
}

// LegacyUsers implements legacy.Store.
func (db *DB) LegacyUsers(ctx context.Context, uuids []string) (map[string]int64, error) {
	return db.idsOf(ctx, "select u.user_uuid, u.id from users u where u.user_uuid in", uuids)
}

// LegacyRooms implements legacy.Store.
func (db *DB) LegacyRooms(ctx context.Context, uuids []string) (map[string]int64, error) {
	return db.idsOf(ctx, "select r.room_uuid, r.id from rooms r where r.room_uuid in", uuids)
}

// idsOf looks ids up by texts, in parts.
func (db *DB) idsOf(ctx context.Context, query string, texts []string) (map[string]int64, error) {
	ids := make(map[string]int64, len(texts))
	err := db.read(ctx, "look up", func(q querier) error {
		for part := range slices.Chunk(texts, maxIn) {
			err := each(ctx, q, func(row scanner) error {
				var text string
				var id int64
				err := row.Scan(&text, &id)
				ids[text] = id
				return err
			}, query+" ("+holes(len(part))+")", anys(part)...)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return ids, err
}

// LegacyDirect implements legacy.Store.
func (db *DB) LegacyDirect(ctx context.Context, keys []string) (map[string]string, error) {
	found := make(map[string]string, len(keys))
	err := db.read(ctx, "conversations", func(q querier) error {
		for part := range slices.Chunk(keys, maxIn) {
			err := each(ctx, q, func(row scanner) error {
				var key, uuid string
				err := row.Scan(&key, &uuid)
				found[key] = uuid
				return err
			}, "select r.direct_key, r.room_uuid from rooms r where r.direct_key in ("+holes(len(part))+")", anys(part)...)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// LegacyMessages implements legacy.Store.
func (db *DB) LegacyMessages(ctx context.Context, places []legacy.Place) (found []legacy.NewMessage, err error) {
	err = db.read(ctx, "messages by place", func(q querier) error {
		found = nil
		for part := range slices.Chunk(places, maxIn) {
			args := make([]any, 0, 2*len(part))
			for _, p := range part {
				args = append(args, p.RoomID, p.Seq)
			}
			rows, err := collect(ctx, q, func(row scanner) (m legacy.NewMessage, err error) {
				err = row.Scan(&m.RoomID, &m.Seq, &m.SenderID, &m.ClientID, &m.Text, &m.CreatedAt, &m.FileUUID)
				return m, err
			}, `select m.room_id, m.seq, m.sender_id, m.client_id, m.text, m.created_at, coalesce(f.file_uuid, '')
  from `+db.d.values(len(part), "v_room", "v_seq")+`
 cross join messages m on m.room_id = v.v_room and m.seq = v.v_seq
  left join message_files x on x.message_id = m.id and x.position = 0
  left join files f on f.id = x.file_id`, args...)
			if err != nil {
				return err
			}
			found = append(found, rows...)
		}
		return nil
	})
	return found, err
}

// LegacyTotals implements legacy.Store.
func (db *DB) LegacyTotals(ctx context.Context, rooms []int64) (messages, seats int64, err error) {
	err = db.read(ctx, "count legacy rows", func(q querier) error {
		messages, seats = 0, 0
		for part := range slices.Chunk(rooms, maxIn) {
			for query, sum := range map[string]*int64{
				"select count(*) from messages m where m.room_id in (":     &messages,
				"select count(*) from room_members m where m.room_id in (": &seats,
			} {
				var n int64
				if err := q.QueryRowContext(ctx, query+holes(len(part))+")", anys(part)...).Scan(&n); err != nil {
					return fmt.Errorf("count: %w", err)
				}
				*sum += n
			}
		}
		return nil
	})
	return messages, seats, err
}
