package sqlstore

import (
	"context"
	"time"
)

// Facts says what the database is.
type Facts struct {
	Name    string // with its version
	Bytes   int64  // that its tables take
	Latency time.Duration
}

// Facts asks the database.
func (db *DB) Facts(ctx context.Context) (f Facts, err error) {
	version, size, name := "select sqlite_version()",
		"select page_count * page_size from pragma_page_count(), pragma_page_size()", "SQLite "
	if db.d.mysql {
		name = "MySQL "
		if db.d.returning {
			name = "MariaDB "
		}
		version = "select version()"
		size = "select coalesce(sum(data_length + index_length), 0) from information_schema.tables where table_schema = database()"
	}
	err = db.read(ctx, "facts", func(q querier) error {
		began := now()
		if err := q.QueryRowContext(ctx, version).Scan(&f.Name); err != nil {
			return err
		}
		f.Latency = now().Sub(began)
		f.Name = name + f.Name
		return q.QueryRowContext(ctx, size).Scan(&f.Bytes)
	})
	return f, err
}
