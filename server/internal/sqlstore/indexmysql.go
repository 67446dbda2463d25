package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
)

// termRow is a row of search_terms, without the room.
type termRow struct {
	term    uint32
	message int64
}

const (
	rowsPerInsert = 2000 // of three short values
	termsPerPurge = 1000
)

// storeTerms puts a part into the index of MySQL: what the messages had before goes, in the order of the key.
func storeTerms(ctx context.Context, tx *sql.Tx, roomID int64, part []document) error {
	if len(part) == 0 {
		return nil
	}
	if err := purgeTerms(ctx, tx, roomID, part); err != nil {
		return err
	}
	var rows []termRow
	var documents []any
	for _, d := range part {
		if len(d.terms) == 0 {
			continue
		}
		hashes := make([]uint32, len(d.terms))
		for i, t := range d.terms {
			hashes[i] = termHash(t)
		}
		slices.Sort(hashes)
		hashes = slices.Compact(hashes)
		for _, h := range hashes {
			rows = append(rows, termRow{h, d.id})
		}
		documents = append(documents, d.id, packTerms(hashes))
	}
	slices.SortFunc(rows, func(a, b termRow) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(a.message, b.message))
	})
	for chunk := range slices.Chunk(rows, rowsPerInsert) {
		args := make([]any, 0, 3*len(chunk))
		for _, r := range chunk {
			args = append(args, roomID, r.term, r.message)
		}
		query := insertInto("search_terms", "room_id, term, message_id", len(chunk))
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	if len(documents) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, insertInto("search_documents", "message_id, terms", len(documents)/2), documents...)
	return err
}

// purgeTerms takes messages out of the index: what it holds of them stands in search_documents.
func purgeTerms(ctx context.Context, tx *sql.Tx, roomID int64, part []document) error {
	ids := documentIDs(part)
	old := make(map[int64][]uint32)
	err := each(ctx, tx, func(row scanner) error {
		var id int64
		var packed []byte
		if err := row.Scan(&id, &packed); err != nil {
			return err
		}
		old[id] = unpackTerms(packed)
		return nil
	}, "select message_id, terms from search_documents where message_id in ("+holes(len(ids))+") for update", ids...)
	if err != nil || len(old) == 0 {
		return err
	}
	for _, d := range part {
		for chunk := range slices.Chunk(old[d.id], termsPerPurge) {
			args := append([]any{roomID, d.id}, anys(chunk)...)
			_, err := tx.ExecContext(ctx, `delete from search_terms
 where room_id = ?
   and message_id = ?
   and term in (`+holes(len(chunk))+`)`, args...)
			if err != nil {
				return err
			}
		}
	}
	_, err = tx.ExecContext(ctx, "delete from search_documents where message_id in ("+holes(len(ids))+")", ids...)
	return err
}
