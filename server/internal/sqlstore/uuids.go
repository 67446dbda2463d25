package sqlstore

import (
	"context"
	"slices"
	"sync"

	"himsg/server/internal/model"
)

// maxUUIDs bounds what is kept of people, and of rooms: some 20 MB each.
const maxUUIDs = 200_000

// uuids keeps which UUID an id stands for. It is given with the row, never changes, and no such row is ever deleted, so that what
// was read of a committed row holds for good. Messages name their room and people by id; to join both tables for each message was a
// quarter of what a page costs.
type uuids struct {
	query string // up to "where"

	mu sync.RWMutex
	of map[int64]string
}

func newUUIDs(query string) *uuids { return &uuids{query: query, of: map[int64]string{}} }

// fill puts UUIDs in: at says of the ith of n things which id it has and where its UUID goes. No id, and ids of nobody, leave that as it is.
func (u *uuids) fill(ctx context.Context, q querier, n int, at func(i int) (id int64, into *string)) error {
	missing := u.known(n, at)
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	read := make(map[int64]string, len(missing))
	for chunk := range slices.Chunk(slices.Compact(missing), maxIn) {
		err := each(ctx, q, func(row scanner) error {
			var id int64
			var uuid string
			if err := row.Scan(&id, &uuid); err != nil {
				return err
			}
			read[id] = uuid
			return nil
		}, u.query+" where id in ("+holes(len(chunk))+")", anys(chunk)...)
		if err != nil {
			return err
		}
	}
	for i := range n {
		if id, into := at(i); *into == "" {
			*into = read[id]
		}
	}
	if _, ok := q.(committed); ok { // the id of a row that is rolled back is given again
		u.keep(read)
	}
	return nil
}

// known puts in what is kept, and returns the other ids.
func (u *uuids) known(n int, at func(i int) (id int64, into *string)) (missing []int64) {
	u.mu.RLock()
	defer u.mu.RUnlock()
	for i := range n {
		id, into := at(i)
		if id == 0 {
			continue
		}
		if uuid, ok := u.of[id]; ok {
			*into = uuid
		} else {
			missing = append(missing, id)
		}
	}
	return missing
}

func (u *uuids) keep(read map[int64]string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id := range u.of { // any: who needs it reads it again
		if len(u.of)+len(read) <= maxUUIDs {
			break
		}
		delete(u.of, id)
	}
	for id, uuid := range read {
		u.of[id] = uuid
	}
}

// nameAll says which room messages are in and who sent them.
func (db *DB) nameAll(ctx context.Context, q querier, page []model.Message) error {
	err := db.roomUUIDs.fill(ctx, q, len(page), func(i int) (int64, *string) { return page[i].RoomID, &page[i].RoomUUID })
	if err != nil {
		return err
	}
	return db.userUUIDs.fill(ctx, q, len(page), func(i int) (int64, *string) { return page[i].SenderID, &page[i].SenderUUID })
}
