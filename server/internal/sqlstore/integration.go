package sqlstore

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/hook"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file keeps integrations for administrators: hook.Keeping.

var _ hook.Store = (*DB)(nil)

var (
	integrationUnknown = errs.Text{KO: "연동을 찾을 수 없습니다.", EN: "There is no such integration."}
	integrationMany    = errs.Text{KO: "연동은 500개까지 만들 수 있습니다.", EN: "There can be 500 integrations at most."}
	integrationGroups  = errs.Text{KO: "단체 대화방만 고를 수 있습니다.", EN: "Only group conversations can be chosen."}
)

// integrationRemoved is the state of one that was ended for good; it is never said.
const integrationRemoved = "removed"

const integrationSelect = `
	select i.id, i.integration_uuid, i.kind, i.state, i.bot_id, b.user_uuid, b.name, b.icon, i.scopes, i.generation, i.url,
		coalesce(c.user_uuid, ''), i.created_at, coalesce(i.expires_at, 0), i.last_used_at, i.last_failure, i.last_status,
		i.last_failed_at, i.failures, i.failing_since, i.next_try_at, i.skipped
	from integrations i
	join users b on b.id = i.bot_id
	left join users c on c.id = i.created_by`

func scanIntegration(row scanner) (i model.Integration, err error) {
	var scopes string
	err = row.Scan(&i.ID, &i.UUID, &i.Kind, &i.State, &i.BotID, &i.BotUUID, &i.Name, &i.Icon, &scopes, &i.Generation, &i.URL,
		&i.CreatedBy, &i.CreatedAt, &i.ExpiresAt, &i.LastUsedAt, &i.LastFailure, &i.LastStatus,
		&i.LastFailedAt, &i.Failures, &i.FailingSince, &i.NextTryAt, &i.Skipped)
	for _, s := range strings.Fields(scopes) {
		i.Scopes = append(i.Scopes, wire.Scope(s))
	}
	i.Removed = i.State == integrationRemoved
	return i, err
}

// integrations reads integrations with their rooms, in two queries. where begins with "where" and may end with order and limit.
func integrations(ctx context.Context, q querier, where string, args ...any) ([]model.Integration, error) {
	list, err := collect(ctx, q, scanIntegration, integrationSelect+" "+where, args...)
	if err != nil || len(list) == 0 {
		return list, err
	}
	index := make(map[int64]*model.Integration, len(list))
	ids := make([]any, len(list))
	for n := range list {
		index[list[n].ID], ids[n] = &list[n], list[n].ID
	}
	return list, each(ctx, q, func(row scanner) error {
		var of int64
		var r model.IntegrationRoom
		if err := row.Scan(&of, &r.ID, &r.UUID, &r.Name, &r.AfterSeq, &r.LastSeq, &r.Closed); err != nil {
			return err
		}
		index[of].Rooms = append(index[of].Rooms, r)
		return nil
	}, `
		select x.integration_id, r.id, r.room_uuid, r.name, x.after_seq, r.last_seq, case when r.closed_at is null then 0 else 1 end
		from integration_rooms x
		join rooms r on r.id = x.room_id
		where x.integration_id in (`+holes(len(ids))+`)
		order by x.integration_id, r.id`, ids...)
}

// oneIntegration reads the one that where names; not_found if there is none or it was removed.
func oneIntegration(ctx context.Context, q querier, where string, args ...any) (model.Integration, error) {
	list, err := integrations(ctx, q, where, args...)
	if err == nil && (len(list) == 0 || list[0].Removed) {
		err = errs.NotFound(integrationUnknown)
	}
	if err != nil {
		return model.Integration{}, err
	}
	return list[0], nil
}

// lockIntegration locks the row of one that was not removed, and reads it.
func (db *DB) lockIntegration(ctx context.Context, tx *sql.Tx, integrationUUID string) (model.Integration, error) {
	var id int64
	err := tx.QueryRowContext(ctx, "select id from integrations where integration_uuid = ?"+db.d.forUpdate, integrationUUID).Scan(&id)
	if err != nil {
		return model.Integration{}, noRows(err, integrationUnknown)
	}
	return oneIntegration(ctx, tx, "where i.id = ?", id)
}

// IntegrationList implements hook.Keeping.
func (db *DB) IntegrationList(ctx context.Context, before int64, limit int) (list []model.Integration, next int64, err error) {
	if before <= 0 {
		before = 1 << 62
	}
	err = db.snapshot(ctx, "integrations", func(q querier) error {
		list, err = integrations(ctx, q, "where i.id < ? and i.state <> 'removed' order by i.id desc limit ?", before, limit+1)
		return err
	})
	if len(list) > limit {
		list, next = list[:limit], list[limit-1].ID
	}
	return list, next, err
}

// IntegrationByUUID implements hook.Keeping.
func (db *DB) IntegrationByUUID(ctx context.Context, integrationUUID string) (i model.Integration, err error) {
	err = db.snapshot(ctx, "integration", func(q querier) error {
		i, err = oneIntegration(ctx, q, "where i.integration_uuid = ?", integrationUUID)
		return err
	})
	return i, err
}

// AddIntegration implements hook.Keeping. It locks the directory's revision before rooms, as who changes people does, and rooms in the
// order of their ids.
func (db *DB) AddIntegration(
	ctx context.Context, actor model.Actor, n hook.Addition, entry model.AuditEntry,
) (c hook.Change, err error) {
	err = db.write(ctx, "add integration", func(tx *sql.Tx) error {
		c = hook.Change{}
		if c.Bot, err = addBot(ctx, tx, n, entry.At); err != nil {
			return err
		}
		var held int
		err := tx.QueryRowContext(ctx, "select count(*) from integrations where state <> 'removed'").Scan(&held)
		if err != nil {
			return err
		}
		if held >= wire.MaxIntegrations {
			return errs.E(wire.Conflict, "", integrationMany)
		}
		rooms, err := db.lockHookRooms(ctx, tx, actor, n.Rooms)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `
			insert into integrations (integration_uuid, kind, state, bot_id, scopes, secret_hash, url, created_by, created_at, expires_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, n.UUID, n.Kind, wire.IntegrationActive, c.Bot.ID, scopeWords(n.Scopes),
			nullText(n.Hash), n.URL, actor.UserID, entry.At, nullInt(n.ExpiresAt))
		if err != nil {
			return err
		}
		id, err := res.LastInsertId()
		if err != nil {
			return err
		}
		if c.Rooms, err = db.letIn(ctx, tx, id, rooms, actor, wire.SystemNotice{Action: n.Line, Name: n.Name}, entry.At); err != nil {
			return err
		}
		if c.Integration, err = oneIntegration(ctx, tx, "where i.id = ?", id); err != nil {
			return err
		}
		entry.Subject = c.Bot.UUID
		return db.appendAudit(ctx, tx, entry)
	})
	return c, err
}

func scopeWords(scopes []wire.Scope) string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}

// addBot stores the bot of a new integration. The directory's lock, which it takes, orders all who add one.
func addBot(ctx context.Context, tx *sql.Tx, n hook.Addition, now int64) (u model.User, err error) {
	u = model.User{
		UUID: n.BotUUID, Name: n.Name, Icon: n.Icon, Role: wire.RoleUser, State: wire.UserBot, CreatedAt: now, UpdatedAt: now,
	}
	if u.Rev, err = nextDirectoryRev(ctx, tx); err != nil {
		return u, err
	}
	if u.ID, err = insertAccount(ctx, tx, u, ""); err != nil {
		return u, err
	}
	_, err = tx.ExecContext(ctx, "update users set icon = ? where id = ?", u.Icon, u.ID)
	return u, err
}

// lockHookRooms locks groups in which the actor is, in the order of their ids.
func (db *DB) lockHookRooms(ctx context.Context, tx *sql.Tx, actor model.Actor, uuids []string) ([]model.Room, error) {
	if len(uuids) == 0 {
		return nil, nil
	}
	rooms, err := collect(ctx, tx, scanRoom, "select "+roomColumns+`
		from rooms r
		where r.room_uuid in (`+holes(len(uuids))+`)
		order by r.id`+db.d.forUpdate, anys(uuids)...)
	if err != nil {
		return nil, err
	}
	if len(rooms) != len(uuids) {
		return nil, errs.NotFound(textNoRoom)
	}
	for _, r := range rooms {
		m, err := seatOf(ctx, tx, r.ID, actor.UserID)
		if err != nil {
			return nil, err
		}
		if gone(r, m) {
			return nil, errs.NotFound(textNoRoom)
		}
		if r.Kind != wire.RoomGroup {
			return nil, errs.E(wire.BadRequest, wire.ReasonNotGroup, integrationGroups)
		}
	}
	return rooms, nil
}

// letIn notes the rooms of an integration, and says so in each of them. It reads from behind that line on.
func (db *DB) letIn(
	ctx context.Context, tx *sql.Tx, id int64, rooms []model.Room, actor model.Actor, line wire.SystemNotice, now int64,
) ([]model.RoomChange, error) {
	changes, err := db.tellRooms(ctx, tx, rooms, actor, line, now)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		_, err := tx.ExecContext(ctx, "insert into integration_rooms (integration_id, room_id, after_seq) values (?, ?, ?)",
			id, c.Room.ID, c.Room.LastSeq)
		if err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// tellRooms stores a line of the actor's in each of some locked rooms. His cursor moves if he is in it.
func (db *DB) tellRooms(
	ctx context.Context, tx *sql.Tx, rooms []model.Room, actor model.Actor, line wire.SystemNotice, now int64,
) ([]model.RoomChange, error) {
	line.ActorUUID = actor.UserUUID
	changes := make([]model.RoomChange, 0, len(rooms))
	for _, r := range rooms {
		c := chat.RoomChange{Room: r}
		takeRev(&c)
		add := db.addSystemLine
		m, err := seatOf(ctx, tx, r.ID, actor.UserID)
		if errs.Is(err, wire.NotFound) || err == nil && gone(r, m) {
			add, err = db.addLine, nil // he has no cursor there
		}
		if err == nil {
			err = add(ctx, tx, &c, actor, line, now)
		}
		if err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// RotateIntegration implements hook.Keeping.
func (db *DB) RotateIntegration(
	ctx context.Context, integrationUUID, hash string, entry model.AuditEntry,
) (i model.Integration, err error) {
	err = db.write(ctx, "rotate integration", func(tx *sql.Tx) error {
		if i, err = db.lockIntegration(ctx, tx, integrationUUID); err != nil {
			return err
		}
		i.Generation++
		_, err := tx.ExecContext(ctx, "update integrations set secret_hash = ?, generation = ? where id = ?",
			nullText(hash), i.Generation, i.ID)
		if err != nil {
			return err
		}
		entry.Subject = i.BotUUID
		return db.appendAudit(ctx, tx, entry)
	})
	return i, err
}

// SwitchIntegration implements hook.Keeping.
func (db *DB) SwitchIntegration(
	ctx context.Context, s hook.Switch, entry model.AuditEntry,
) (i model.Integration, err error) {
	err = db.write(ctx, "switch integration", func(tx *sql.Tx) error {
		if i, err = db.lockIntegration(ctx, tx, s.UUID); err != nil {
			return err
		}
		if i.State == s.State {
			return nil
		}
		_, err := tx.ExecContext(ctx, `
			update integrations
			set state = ?, failures = 0, failing_since = 0, next_try_at = 0, worker = '', worker_until = 0
			where id = ?`, s.State, i.ID)
		if err != nil {
			return err
		}
		if s.FromNow {
			_, err := tx.ExecContext(ctx, `
				update integration_rooms
				set after_seq = (select r.last_seq from rooms r where r.id = integration_rooms.room_id)
				where integration_id = ?`, i.ID)
			if err != nil {
				return err
			}
		}
		if i, err = oneIntegration(ctx, tx, "where i.id = ?", i.ID); err != nil {
			return err
		}
		entry.Subject = i.BotUUID
		return db.appendAudit(ctx, tx, entry)
	})
	return i, err
}

// RemoveIntegration implements hook.Keeping. The row stays: it says whose bot wrote.
func (db *DB) RemoveIntegration(
	ctx context.Context, actor model.Actor, integrationUUID string, entry model.AuditEntry,
) (c hook.Change, err error) {
	err = db.write(ctx, "remove integration", func(tx *sql.Tx) error {
		c = hook.Change{}
		// Rooms before the integration, as who hands messages over does not: it holds no room.
		known, err := oneIntegration(ctx, tx, "where i.integration_uuid = ?", integrationUUID)
		if err != nil {
			return err
		}
		var ids []any
		for _, r := range known.Rooms {
			ids = append(ids, r.ID)
		}
		var rooms []model.Room
		if len(ids) > 0 {
			rooms, err = collect(ctx, tx, scanRoom, "select "+roomColumns+" from rooms r where r.id in ("+holes(len(ids))+
				") order by r.id"+db.d.forUpdate, ids...)
			if err != nil {
				return err
			}
		}
		if c.Integration, err = db.lockIntegration(ctx, tx, integrationUUID); err != nil {
			return err
		}
		rooms = slices.DeleteFunc(rooms, func(r model.Room) bool { return r.ClosedAt != 0 })
		c.Rooms, err = db.tellRooms(ctx, tx, rooms, actor, wire.SystemNotice{Action: wire.SystemBotGone, Name: known.Name}, entry.At)
		if err != nil {
			return err
		}
		err = execAll(ctx, tx, []statement{
			{"delete from integration_rooms where integration_id = ?", []any{known.ID}},
			{"update integrations set state = 'removed', secret_hash = null, worker = '', worker_until = 0 where id = ?", []any{known.ID}},
		})
		if err != nil {
			return err
		}
		entry.Subject = c.Integration.BotUUID
		return db.appendAudit(ctx, tx, entry)
	})
	return c, err
}

// CountFailedHooks implements admin.Store.
func (db *DB) CountFailedHooks(ctx context.Context) (n int, err error) {
	err = db.read(ctx, "count failed hooks", func(q querier) error {
		return q.QueryRowContext(ctx, "select count(*) from integrations where state = 'failed'").Scan(&n)
	})
	return n, err
}
