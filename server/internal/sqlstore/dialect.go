package sqlstore

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"
	"github.com/ncruces/go-sqlite3"
)

// dialect is what the two databases say differently. All other SQL is one text for both.
type dialect struct {
	mysql     bool
	returning bool   // an insert can return the rows that it made (SQLite, MariaDB)
	forUpdate string // ends a select whose rows the transaction is going to change
	forShare  string // ends a select whose rows must stay as they are until the transaction ends
	greatest  string // the larger of two values
	now       string // UTC milliseconds by the database's clock
}

var (
	// SQLite needs no row locks: its write transactions hold the one write lock from the start.
	sqliteDialect = dialect{returning: true, greatest: "max", now: "cast(unixepoch('subsec') * 1000 as integer)"}
	mysqlDialect  = dialect{
		mysql: true, forUpdate: " for update", forShare: " lock in share mode", greatest: "greatest",
		now: "cast(unix_timestamp(now(3)) * 1000 as signed)",
	}
)

// upsert ends an insert: when a row with the same key exists, the assignments are made instead. keys are the columns of
// the unique key; in the assignments fresh(column) is the value that was to be inserted.
//
//	"insert into counters (name, value) values (?, ?)" + d.upsert("name", "value = "+d.fresh("value"))
func (d dialect) upsert(keys string, assignments ...string) string {
	if d.mysql {
		return " on duplicate key update " + strings.Join(assignments, ", ")
	}
	return " on conflict (" + keys + ") do update set " + strings.Join(assignments, ", ")
}

// fresh is the value of a column that an upsert was to insert.
func (d dialect) fresh(column string) string {
	if d.mysql {
		return "values(" + column + ")"
	}
	return "excluded." + column
}

// The numbers of MySQL's errors that we act on.
const (
	mysqlDuplicate   = 1062
	mysqlLockTimeout = 1205
	mysqlDeadlock    = 1213 // in a cluster also: another member's transaction came first
	mysqlNotReady    = 1047 // Galera: the member is cut off, or not ready yet; it did nothing
	mysqlInterrupted = 1317
)

// mysqlUnclear are answers to a commit after which nobody knows whether it is stored: the member was cut off, or ended, while it told
// the others. 1105 is "unknown error", 1180 "error during commit".
var mysqlUnclear = []uint16{mysqlNotReady, 1105, 1180, mysqlInterrupted}

// mysqlAway are refusals of a server that is starting, stopping, full or read-only for now.
var mysqlAway = []uint16{
	1021, // disk full
	1040, // too many connections
	1041, // out of memory
	mysqlNotReady,
	1053,                   // shutdown in progress
	1114,                   // table is full (disk)
	1129,                   // host blocked
	1158, 1159, 1160, 1161, // network
	1203, 1226, // user's connections or resources used up
	1290, 1836, // read-only
	3024, 1969, // statement time limit
}

// sqliteAway are SQLite's errors when the disk is full, broken or gone.
var sqliteAway = []sqlite3.ErrorCode{
	sqlite3.FULL, sqlite3.IOERR, sqlite3.CANTOPEN, sqlite3.READONLY, sqlite3.NOMEM,
}

// uniqueKey reports whether err says that a unique key was violated, and which: the first column of the key, or
// "primary". A key is known by its first column since that is its name in MySQL when the migration gives none.
func uniqueKey(err error) (key string, violated bool) {
	if me, ok := errors.AsType[*mysql.MySQLError](err); ok && me.Number == mysqlDuplicate {
		_, key, _ := cutLast(me.Message, "for key ")
		key = strings.Trim(key, "'`")
		if _, column, ok := cutLast(key, "."); ok { // MySQL 8 puts the table's name before it
			key = column
		}
		return strings.ToLower(key), true
	}
	if errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY) {
		return "primary", true
	}
	if errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) {
		_, columns, _ := cutLast(err.Error(), "failed: ")
		first, _, _ := strings.Cut(columns, ",")
		_, column, _ := cutLast(first, ".")
		return strings.TrimSpace(column), true
	}
	return "", false
}

// retriable reports whether the database gave up a transaction that may succeed when it is run again from its start.
func retriable(err error) bool {
	if me, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return me.Number == mysqlDeadlock || me.Number == mysqlLockTimeout || me.Number == mysqlInterrupted
	}
	return errors.Is(err, sqlite3.BUSY)
}

// away reports whether err means that the database can't work at the moment.
func away(err error) bool {
	if me, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return slices.Contains(mysqlAway, me.Number)
	}
	for _, code := range sqliteAway {
		if errors.Is(err, code) {
			return true
		}
	}
	return connectionLost(err)
}

// values is a table of n rows made of marks, to join with: "(…) v". The names should not be columns of the joined
// table.
func (d dialect) values(n int, names ...string) string {
	var b strings.Builder
	b.WriteString("(select ")
	if d.mysql {
		b.WriteString("? as " + strings.Join(names, ", ? as "))
		b.WriteString(strings.Repeat(" union all select "+holes(len(names)), n-1))
		b.WriteString(") v")
		return b.String()
	}
	for i, name := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("column" + strconv.Itoa(i+1) + " as " + name)
	}
	b.WriteString(" from (values " + tuples(n, len(names)) + ")) v")
	return b.String()
}

// updateFrom is an update of the rows of table that match rows of values v.
func (d dialect) updateFrom(table, values, on, set string) string {
	if d.mysql {
		return "update " + table + " join " + values + " on " + on + " set " + set
	}
	return "update " + table + " set " + set + " from " + values + " where " + on
}
