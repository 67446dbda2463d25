package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"himsg/server/internal/model"
)

// Grade says how much a remark matters.
type Grade int

// The grades.
const (
	Good Grade = iota
	Doubtful
	Wrong
)

// Remark is what Examine found: what is, and, if it is not good, why that matters and what to do.
type Remark struct {
	Grade Grade
	Text  string
}

// What a MySQL server should allow at least.
const (
	leastPacket      = 16 << 20
	leastConnections = mysqlWriters + mysqlReaders + 20 // ours, and some for backups and people
)

// Examine looks at the database's settings and, with SQLite, at the file itself (quick_check, until ctx ends). It changes nothing.
func (db *DB) Examine(ctx context.Context) ([]Remark, error) {
	if !db.d.mysql {
		return db.examineSQLite(ctx)
	}
	settings := map[string]string{}
	err := db.read(ctx, "settings", func(q querier) error {
		rows, err := q.QueryContext(ctx, "show global variables")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, value string
			if err := rows.Scan(&name, &value); err != nil {
				return err
			}
			settings[strings.ToLower(name)] = value
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("ask the database for its settings: %w", err)
	}
	remarks := judgeMySQL(settings)
	session, err := db.examineSession(ctx)
	if err != nil {
		return nil, err
	}
	remarks = append(remarks, session...)
	pool, err := db.examinePool(ctx)
	if err != nil {
		return nil, err
	}
	remarks = append(remarks, pool...)
	if !db.galera {
		return remarks, nil
	}
	cluster, err := db.examineCluster(ctx)
	return append(remarks, cluster...), err
}

// judgeMySQL judges the server's settings. What a server does not know is passed over: names differ.
func judgeMySQL(set map[string]string) []Remark {
	is := func(name string, values ...string) bool {
		got, known := set[name]
		return !known || slices.ContainsFunc(values, func(want string) bool { return strings.EqualFold(got, want) })
	}
	below := func(name string, least int64) bool {
		n, err := strconv.ParseInt(set[name], 10, 64)
		return err == nil && n < least
	}
	_, logs := set["log_bin"]
	cluster := !is("wsrep_on", "OFF", "0")
	var bad []Remark
	for _, rule := range []struct {
		broken bool
		grade  Grade
		name   string
		why    string
	}{
		{
			!is("innodb_flush_log_at_trx_commit", "1"), Doubtful, "innodb_flush_log_at_trx_commit",
			"a power cut may lose messages that were confirmed; set it to 1",
		},
		{!is("innodb_doublewrite", "ON", "1"), Doubtful, "innodb_doublewrite", "a power cut may damage tables; set it to ON"},
		{
			logs && is("log_bin", "ON", "1") && !is("sync_binlog", "1"), Doubtful, "sync_binlog",
			"replicas may lack messages after a power cut; set it to 1",
		},
		{
			below("max_allowed_packet", leastPacket), Doubtful, "max_allowed_packet",
			"many long messages at once may be refused; set it to 16M or more",
		},
		{
			below("max_connections", leastConnections), Wrong, "max_connections",
			fmt.Sprintf("a server takes up to %d; set it to %d or more for each", mysqlWriters+mysqlReaders, leastConnections),
		},
		{
			cluster && !is("innodb_snapshot_isolation", "ON", "1"), Doubtful, "innodb_snapshot_isolation",
			"on a cluster writers may overlook each other; set it to ON",
		},
	} {
		if rule.broken {
			bad = append(bad, Remark{rule.grade, fmt.Sprintf("%s = %s: %s", rule.name, set[rule.name], rule.why)})
		}
	}
	if len(bad) > 0 {
		return bad
	}
	return []Remark{{Good, fmt.Sprintf("durable settings, max_connections %s, max_allowed_packet %s",
		set["max_connections"], set["max_allowed_packet"])}}
}

// examineSession looks at what our own connections have, and at the database's character set.
func (db *DB) examineSession(ctx context.Context) ([]Remark, error) {
	var level, mode, charset string
	var foreign int64
	query := "select @@transaction_isolation"
	if db.d.returning {
		query = "select @@tx_isolation"
	}
	if err := db.writer.QueryRowContext(ctx, query).Scan(&level); err != nil {
		return nil, fmt.Errorf("ask for the isolation: %w", err)
	}
	if err := db.writer.QueryRowContext(ctx, "select @@sql_mode").Scan(&mode); err != nil {
		return nil, fmt.Errorf("ask for the mode: %w", err)
	}
	err := db.writer.QueryRowContext(ctx,
		"select default_character_set_name from information_schema.schemata where schema_name = database()").Scan(&charset)
	if err != nil {
		return nil, fmt.Errorf("ask for the character set: %w", err)
	}
	err = db.writer.QueryRowContext(ctx, "select count(*) from information_schema.tables where table_schema = database() "+
		"and table_type = 'BASE TABLE' and engine <> 'InnoDB'").Scan(&foreign)
	if err != nil {
		return nil, fmt.Errorf("ask for the tables: %w", err)
	}
	var all []Remark
	if !strings.EqualFold(strings.ReplaceAll(level, "-", " "), "read committed") {
		all = append(all, Remark{Wrong, "isolation of our connections is " + level + ", not READ COMMITTED: does a proxy between change it?"})
	}
	if !strings.Contains(mode, "STRICT_ALL_TABLES") {
		all = append(all, Remark{Wrong, "sql_mode of our connections is " + mode + ", not strict: does a proxy between change it?"})
	}
	if foreign > 0 {
		all = append(all, Remark{Wrong, fmt.Sprintf("%d tables are not InnoDB and lose what was confirmed: alter table … engine = InnoDB", foreign)})
	}
	if charset != "utf8mb4" {
		all = append(all, Remark{Doubtful, "the database's character set is " + charset + ": alter database … character set utf8mb4 (our tables have their own)"})
	}
	if len(all) == 0 {
		all = append(all, Remark{Good, fmt.Sprintf("isolation %s, strict, %s", level, charset)})
	}
	return all, nil
}

// examinePool looks whether what everybody who connects reads a part of fits into the database's memory. Where it doesn't, ten thousand
// who come back at once wait for its disk: it was two to five times as long (docs/scale.md).
func (db *DB) examinePool(ctx context.Context) ([]Remark, error) {
	var pool, size int64
	if err := db.writer.QueryRowContext(ctx, "select @@innodb_buffer_pool_size").Scan(&pool); err != nil {
		return nil, fmt.Errorf("ask for the buffer pool: %w", err)
	}
	err := db.writer.QueryRowContext(ctx, "select coalesce(sum(data_length + index_length), 0) from information_schema.tables "+
		"where table_schema = database() and table_name in ('users', 'sessions', 'rooms', 'room_members')").Scan(&size)
	if err != nil {
		return nil, fmt.Errorf("ask for the size of tables: %w", err)
	}
	return judgePool(pool, size), nil
}

// judgePool wants half as much again as these tables take: messages need some of it too.
func judgePool(pool, size int64) []Remark {
	least := size + size/2
	if pool >= least {
		return nil
	}
	return []Remark{{Doubtful, fmt.Sprintf("innodb_buffer_pool_size = %d MB: people, rooms and who is in them take %d MB, of which each who connects reads his part; "+
		"set it to %dM or more", pool>>20, size>>20, least>>20+1)}}
}

func (db *DB) examineSQLite(ctx context.Context) ([]Remark, error) {
	var journal string
	var synchronous int
	if err := db.writer.QueryRowContext(ctx, "pragma journal_mode").Scan(&journal); err != nil {
		return nil, fmt.Errorf("ask for the journal: %w", err)
	}
	if err := db.writer.QueryRowContext(ctx, "pragma synchronous").Scan(&synchronous); err != nil {
		return nil, fmt.Errorf("ask for the journal: %w", err)
	}
	var all []Remark
	const full = 2
	if journal != "wal" || synchronous < full {
		all = append(all, Remark{Wrong, fmt.Sprintf("journal %s, synchronous %d: the folder's file system can't do WAL; move the data to a local disk",
			journal, synchronous)})
	} else {
		all = append(all, Remark{Good, "journal " + journal + ", synchronous full"})
	}
	return append(all, db.quickCheck(ctx)), nil
}

// quickCheck reads the whole file, which takes a second for some 100 MB.
func (db *DB) quickCheck(ctx context.Context) Remark {
	began := now()
	said, err := db.quickCheckLines(ctx)
	switch {
	case ctx.Err() != nil:
		return Remark{Doubtful, "quick_check did not come to its end in time: restore a backup elsewhere and look there"}
	case err != nil:
		return Remark{Wrong, fmt.Sprintf("quick_check: %v: the disk fails or the file is damaged; restore the last backup", err)}
	case len(said) != 1 || said[0] != "ok":
		return Remark{Wrong, "quick_check: " + strings.Join(said, "; ") + ": stop the server, keep a copy of the folder, and restore the last backup"}
	}
	return Remark{Good, fmt.Sprintf("quick_check is ok (%v)", now().Sub(began).Round(time.Millisecond))}
}

func (db *DB) quickCheckLines(ctx context.Context) (lines []string, err error) {
	rows, err := db.reader.QueryContext(ctx, "pragma quick_check(5)") // tells five faults at most
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, rows.Err()
}

// Clock is the database server's time; it is the same machine's with SQLite.
func (db *DB) Clock(ctx context.Context) (t time.Time, same bool, err error) {
	if !db.d.mysql {
		return now(), true, nil
	}
	var ms int64
	err = db.writer.QueryRowContext(ctx, "select cast(unix_timestamp(now(3)) * 1000 as signed)").Scan(&ms)
	if err != nil {
		return t, false, fmt.Errorf("ask the database for its time: %w", err)
	}
	return time.UnixMilli(ms), false, nil
}

// LastBackup is when the audit says that the server was last backed up; zero: never.
func (db *DB) LastBackup(ctx context.Context) (at time.Time, err error) {
	var ms int64
	err = db.read(ctx, "last backup", func(q querier) error {
		return q.QueryRowContext(ctx, "select at from audit where action = ? order by id desc limit 1", string(model.AuditServerBackedUp)).Scan(&ms)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.UnixMilli(ms), nil
}
