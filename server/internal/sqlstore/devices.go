package sqlstore

import (
	"context"
	"database/sql"
	"math"
	"strings"

	"himsg/server/internal/auth"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file lists and ends a person's sessions: a part of auth.Sessions.

var sessionUnknown = errs.Text{KO: "로그인된 기기를 찾을 수 없습니다.", EN: "There is no such device."}

// SessionsOf implements auth.Sessions.
func (db *DB) SessionsOf(ctx context.Context, userUUID string, now int64) (list []model.DeviceSession, err error) {
	err = db.read(ctx, "sessions of a person", func(q querier) error {
		var id int64
		if err := q.QueryRowContext(ctx, "select id from users where user_uuid = ?", userUUID).Scan(&id); err != nil {
			return noRows(err, userUnknown)
		}
		list, err = collect(ctx, q, func(row scanner) (s model.DeviceSession, err error) {
			err = row.Scan(&s.UUID, &s.RemoteAddr, &s.CreatedAt, &s.LastSeenAt, &s.ExpiresAt,
				&s.Device.UUID, &s.Device.Name, &s.Device.Platform, &s.Device.AppVersion)
			return s, err
		}, `
			select s.session_uuid, s.remote_addr, s.created_at, s.last_seen_at, s.expires_at,
				d.device_uuid, d.name, d.platform, d.app_version
			from sessions s
			join devices d on d.id = s.device_id
			where s.user_id = ? and s.revoked_at is null and s.expires_at > ?
			order by s.last_seen_at desc, s.id desc`, id, now)
		return err
	})
	return list, err
}

// AllSessions implements auth.Sessions. It goes by the session's id, which no renewal changes, so that no page misses one.
func (db *DB) AllSessions(ctx context.Context, q auth.SessionQuery) (list []model.PersonSession, err error) {
	before := q.Before
	if before == 0 {
		before = math.MaxInt64
	}
	like := "%" + likeEscapes.Replace(strings.ToLower(q.Text)) + "%"
	err = db.read(ctx, "everybody's sessions", func(r querier) error {
		list, err = collect(ctx, r, func(row scanner) (s model.PersonSession, err error) {
			err = row.Scan(&s.ID, &s.UUID, &s.RemoteAddr, &s.CreatedAt, &s.LastSeenAt, &s.ExpiresAt,
				&s.Device.UUID, &s.Device.Name, &s.Device.Platform, &s.Device.AppVersion,
				&s.UserUUID, &s.Name, &s.Username, &s.Department)
			return s, err
		}, `
			select s.id, s.session_uuid, s.remote_addr, s.created_at, s.last_seen_at, s.expires_at,
				d.device_uuid, d.name, d.platform, d.app_version, u.user_uuid, u.name, u.username, u.department
			from sessions s
			join devices d on d.id = s.device_id
			join users u on u.id = s.user_id
			where s.revoked_at is null and s.expires_at > ? and s.id < ? and (? = '' or d.platform = ?)
				and (? = '%%' or lower(u.name) like ? escape '!' or lower(u.username) like ? escape '!'
					or lower(u.employee_id) like ? escape '!' or lower(d.name) like ? escape '!'
					or s.remote_addr like ? escape '!')
			order by s.id desc
			limit ?`, q.Now, before, q.Platform, q.Platform, like, like, like, like, like, like, q.Limit)
		return err
	})
	return list, err
}

// AppVersions counts the devices that are signed in by the version of their app: at most the limit's number of versions, the most
// used ones.
func (db *DB) AppVersions(ctx context.Context, now int64, limit int) (map[string]int64, error) {
	counts := map[string]int64{}
	err := db.read(ctx, "versions of apps", func(q querier) error {
		clear(counts)
		rows, err := q.QueryContext(ctx, `
			select d.app_version, count(distinct d.id) as devices
			from sessions s
			join devices d on d.id = s.device_id
			where s.revoked_at is null and s.expires_at > ?
			group by d.app_version
			order by devices desc
			limit ?`, now, limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var version string
			var devices int64
			if err := rows.Scan(&version, &devices); err != nil {
				return err
			}
			counts[version] = devices
		}
		return rows.Err()
	})
	return counts, err
}

// likeEscapes takes the meaning from what "like ? escape '!'" would read as a pattern.
var likeEscapes = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// EndSessionsOf implements auth.Sessions.
func (db *DB) EndSessionsOf(ctx context.Context, e auth.EndSessions) (ended []string, err error) {
	err = db.write(ctx, "end sessions of a person", func(tx *sql.Tx) error {
		ended = nil
		u, err := db.lockAdministered(ctx, tx, e.Actor, e.UserUUID)
		if err != nil && (u.ID == 0 || u.ID != e.Actor.UserID || e.Entry.Action != model.AuditSessionEnded) {
			return err // one may end one's own sessions
		}
		if e.One != "" {
			ended, err = db.endOne(ctx, tx, u.ID, e.One, e.Entry)
		} else {
			ended, err = db.endSessions(ctx, tx, u.ID, e.Keep, e.Entry)
		}
		if err != nil || len(ended) == 0 {
			return err
		}
		entry := e.Entry
		entry.Subject = u.UUID
		return db.appendAudit(ctx, tx, entry)
	})
	return ended, err
}

func (db *DB) endOne(
	ctx context.Context, tx *sql.Tx, userID int64, sessionUUID string, entry model.AuditEntry,
) ([]string, error) {
	res, err := tx.ExecContext(ctx, `
		update sessions
		set revoked_at = ?, revoke_reason = ?
		where user_id = ? and session_uuid = ? and revoked_at is null`, entry.At, entry.Action, userID, sessionUUID)
	if err != nil {
		return nil, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		if err == nil {
			err = errs.E(wire.NotFound, "", sessionUnknown)
		}
		return nil, err
	}
	return []string{sessionUUID}, nil
}
