package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var (
	textPersonQuota = errs.Text{KO: "내 파일 저장 공간이 가득 찼습니다.", EN: "Your share of the file storage is full."}
	textTotalQuota  = errs.Text{KO: "서버의 파일 저장 공간이 가득 찼습니다.", EN: "The server's file storage is full."}
	textPolicyRev   = errs.Text{
		KO: "다른 관리자가 먼저 바꾼 설정입니다.", EN: "Another administrator changed these settings meanwhile.",
	}
)

// addUsage counts what a person keeps, and everybody's before it: in this order all lock the rows.
func (db *DB) addUsage(ctx context.Context, tx *sql.Tx, userID, bytes, count int64) error {
	for _, id := range []int64{everybody, userID} {
		_, err := tx.ExecContext(ctx, insertInto("file_usage", "user_id, bytes, files", 1)+db.d.upsert("user_id",
			"bytes = file_usage.bytes + "+db.d.fresh("bytes"), "files = file_usage.files + "+db.d.fresh("files")),
			id, bytes, count)
		if err != nil {
			return fmt.Errorf("count usage: %w", err)
		}
	}
	return nil
}

// usage is what a person keeps; user_id 0 is everybody.
func usage(ctx context.Context, q querier, userID int64) (bytes, count int64, err error) {
	err = q.QueryRowContext(ctx, "select bytes, files from file_usage where user_id = ?", userID).Scan(&bytes, &count)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return bytes, count, err
}

func withinQuotas(ctx context.Context, tx *sql.Tx, userID int64, policy wire.FilePolicy) error {
	for _, quota := range []struct {
		of, most int64
		reason   wire.Reason
		text     errs.Text
	}{
		{userID, policy.PersonQuota, wire.ReasonPersonQuota, textPersonQuota},
		{everybody, policy.TotalQuota, wire.ReasonTotalQuota, textTotalQuota},
	} {
		if quota.most == 0 {
			continue
		}
		bytes, _, err := usage(ctx, tx, quota.of)
		if err != nil {
			return err
		}
		if bytes > quota.most {
			return errs.E(wire.TooLarge, quota.reason, quota.text)
		}
	}
	return nil
}

// FileUsage implements files.Store.
func (db *DB) FileUsage(ctx context.Context) (bytes, count int64, err error) {
	err = db.read(ctx, "file usage", func(q querier) error {
		bytes, count, err = usage(ctx, q, everybody)
		return err
	})
	return bytes, count, err
}

// usualPolicy is the policy as long as nobody changed it.
func usualPolicy() wire.FilePolicy {
	return wire.FilePolicy{
		MaxBytes: wire.UsualFileBytes, Types: slices.Clone(wire.UsualFileTypes), Unscanned: wire.UnscannedRefuse,
		EncryptedArchives: wire.EncryptedAllow,
	}
}

// FilePolicy implements files.Store.
func (db *DB) FilePolicy(ctx context.Context) (p wire.FilePolicy, err error) {
	err = db.read(ctx, "file policy", func(q querier) error {
		p, err = readPolicy(ctx, q, "")
		return err
	})
	return p, err
}

func readPolicy(ctx context.Context, q querier, lock string) (p wire.FilePolicy, err error) {
	var types string
	err = q.QueryRowContext(ctx, `select max_bytes, types, person_quota, total_quota, retention_days, unscanned,
       encrypted_archives, rev
  from file_policy
 where id = 1`+lock).Scan(&p.MaxBytes, &types, &p.PersonQuota, &p.TotalQuota, &p.RetentionDays, &p.Unscanned,
		&p.EncryptedArchives, &p.Rev)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && p.Rev == 0:
		return usualPolicy(), nil
	case err != nil:
		return p, err
	}
	if err := json.Unmarshal([]byte(types), &p.Types); err != nil {
		return p, fmt.Errorf("types of the policy: %w", err)
	}
	return p, nil
}

// SetFilePolicy implements files.Store.
func (db *DB) SetFilePolicy(
	ctx context.Context, actor model.Actor, p wire.FilePolicy, now int64,
) (wire.FilePolicy, error) {
	types, err := json.Marshal(p.Types)
	if err != nil {
		return p, fmt.Errorf("encode types: %w", err)
	}
	stored := p
	stored.Rev++
	detail, err := json.Marshal(stored)
	if err != nil {
		return p, fmt.Errorf("encode policy: %w", err)
	}
	err = db.write(ctx, "set file policy", func(tx *sql.Tx) error {
		// A row to lock; its rev 0 says that nobody set it.
		_, err := tx.ExecContext(ctx, insertInto("file_policy",
			"id, max_bytes, types, person_quota, total_quota, retention_days, unscanned, rev", 1)+
			db.d.upsert("id", "rev = file_policy.rev"), 1, p.MaxBytes, string(types), 0, 0, 0, string(p.Unscanned), 0)
		if err != nil {
			return err
		}
		held, err := readPolicy(ctx, tx, db.d.forUpdate)
		if err != nil {
			return err
		}
		if held.Rev != p.Rev {
			return errs.E(wire.Conflict, "", textPolicyRev)
		}
		_, err = tx.ExecContext(ctx, `update file_policy
   set max_bytes = ?, types = ?, person_quota = ?, total_quota = ?, retention_days = ?, unscanned = ?,
       encrypted_archives = ?, rev = ?
 where id = 1`, p.MaxBytes, string(types), p.PersonQuota, p.TotalQuota, p.RetentionDays, string(p.Unscanned),
			string(p.EncryptedArchives), stored.Rev)
		if err != nil {
			return err
		}
		return db.appendAudit(ctx, tx, model.AuditEntry{
			At: now, ActorID: actor.UserID, Action: model.AuditFilePolicy, Detail: string(detail), RemoteAddr: actor.RemoteAddr,
		})
	})
	return stored, err
}
