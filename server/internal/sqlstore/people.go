package sqlstore

import (
	"context"
	"slices"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// ActiveUsers implements chat.People.
func (db *DB) ActiveUsers(ctx context.Context, uuids []string) (users []model.User, err error) {
	err = db.read(ctx, "active users", func(q querier) error {
		users = nil
		for chunk := range slices.Chunk(uuids, maxIn) {
			part, err := collect(ctx, q, scanAccount, "select "+accountColumns+accountTables+
				"where u.user_uuid in ("+holes(len(chunk))+") and u.state = ?",
				append(anys(chunk), string(wire.UserActive))...)
			if err != nil {
				return err
			}
			users = append(users, part...)
		}
		return nil
	})
	return users, err
}
