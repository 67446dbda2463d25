package sqlstore

import (
	"context"
	"database/sql"
	"strings"
)

// maxIn is how many values one IN list or one multi-row statement takes; longer ones go in chunks.
const maxIn = 500

// collect runs a query and scans every row.
func collect[T any](
	ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any,
) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// each runs a query and hands every row to scan.
func each(ctx context.Context, q querier, scan func(scanner) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// eachInto runs a query and scans every row into the same places, over the row before; after each it calls taken. A page has too many
// rows to make places for each of them.
func eachInto(ctx context.Context, q querier, places []any, taken func() error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if err := taken(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// holes is "?,?,?" with n marks.
func holes(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// tuples is "(?,?),(?,?)": n rows of columns marks each.
func tuples(n, columns int) string {
	return strings.TrimSuffix(strings.Repeat("("+holes(columns)+"),", n), ",")
}

// insertInto begins and ends an insert of so many rows. columns is the list of their names.
func insertInto(table, columns string, rows int) string {
	return "insert into " + table + " (" + columns + ") values " + tuples(rows, strings.Count(columns, ",")+1)
}

// anys puts values of one type into arguments.
func anys[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// null stores 0 as null.
func null(v int64) sql.NullInt64 { return sql.NullInt64{Int64: v, Valid: v != 0} }
