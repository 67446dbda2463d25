package original

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"himsg/server/internal/legacy"
)

// scheme begins the address of a database.
const scheme = "mysql://"

const (
	dialTimeout = 10 * time.Second
	readTimeout = 10 * time.Minute // for a page: the original has no index for its time
)

// Database is an original's database at one moment.
type Database struct {
	pool    *sql.DB
	conn    *sql.Conn
	columns map[string]map[string]string // type of each column of each table
}

var _ legacy.Source = (*Database)(nil)

// Open connects to mysql://user:password@tcp(host:3306)/database and begins a read-only transaction that sees one moment. It must be
// closed. No error tells the password.
func Open(ctx context.Context, address string) (*Database, error) {
	cfg, err := parse(address)
	if err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("original's database: %w", err)
	}
	d := &Database{pool: sql.OpenDB(connector)}
	if err := d.begin(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("original's database at %s: %w", cfg.Addr, err), d.Close())
	}
	return d, nil
}

func parse(address string) (*mysql.Config, error) {
	dsn, ok := strings.CutPrefix(address, scheme)
	if !ok {
		return nil, errors.New("the original's address must begin with mysql://")
	}
	if at := strings.LastIndex(dsn, "@"); !strings.Contains(dsn[at+1:], "(") {
		if host, rest, ok := strings.Cut(dsn[at+1:], "/"); ok && host != "" {
			dsn = dsn[:at+1] + "tcp(" + host + ")/" + rest
		}
	}
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil || cfg.DBName == "" {
		return nil, errors.New("the original's address is not of the form mysql://user:password@tcp(host:3306)/name")
	}
	cfg.Collation, cfg.ParseTime, cfg.MultiStatements = "utf8mb4_general_ci", false, false
	cfg.Timeout, cfg.ReadTimeout, cfg.WriteTimeout = dialTimeout, readTimeout, readTimeout
	cfg.Logger = &mysql.NopLogger{} // what it would say comes back as errors
	cfg.InterpolateParams = true
	// TIMESTAMP columns come in UTC; DATETIME columns come as they are.
	cfg.Params = map[string]string{"time_zone": "'+00:00'", "sql_mode": "''"}
	return cfg, nil
}

func (d *Database) begin(ctx context.Context) (err error) {
	if d.conn, err = d.pool.Conn(ctx); err != nil {
		return err
	}
	for _, statement := range []string{
		"set session transaction isolation level repeatable read", "start transaction with consistent snapshot, read only",
	} {
		if _, err := d.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return d.readColumns(ctx)
}

// Close ends the transaction and the connection.
func (d *Database) Close() error {
	var err error
	if d.conn != nil {
		_, _ = d.conn.ExecContext(context.Background(), "rollback") // it only read
		err = d.conn.Close()
	}
	return errors.Join(err, d.pool.Close())
}

// needed are the columns without which it is no original.
var needed = map[string][]string{
	"users":    {"id", "user_uuid", "name", "username", "password_hash"},
	"messages": {"id", "sender_uuid", "message_text", "timestamp"},
}

func (d *Database) readColumns(ctx context.Context) error {
	d.columns = map[string]map[string]string{}
	rows, err := d.conn.QueryContext(ctx, `select lower(table_name), lower(column_name), lower(data_type)
  from information_schema.columns
 where table_schema = database()`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			return err
		}
		if d.columns[table] == nil {
			d.columns[table] = map[string]string{}
		}
		d.columns[table][column] = kind
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for table, columns := range needed {
		for _, column := range columns {
			if d.columns[table][column] == "" {
				return fmt.Errorf("it has no column %s.%s: this is not the database of an original Hi_Msg, or the account may not read it",
					table, column)
			}
		}
	}
	return nil
}

// Counts implements legacy.Source.
func (d *Database) Counts(ctx context.Context) (map[string]int64, error) {
	counts := map[string]int64{}
	for _, table := range legacy.Tables {
		if d.columns[table] == nil {
			continue
		}
		var n int64
		if err := d.conn.QueryRowContext(ctx, "select count(*) from "+table).Scan(&n); err != nil {
			return nil, fmt.Errorf("count %s: %w", table, err)
		}
		counts[table] = n
	}
	return counts, nil
}

// query selects columns of a table, those that it lacks as empty texts. Times of which the database knows that they are UTC get a "Z".
func (d *Database) query(ctx context.Context, table string, columns []string, tail string, args ...any) (*sql.Rows, error) {
	list := make([]string, len(columns))
	for i, c := range columns {
		switch kind := d.columns[table][c]; kind {
		case "":
			list[i] = "''"
		case "timestamp":
			list[i] = "concat(`" + c + "`, 'Z')"
		default:
			list[i] = "`" + c + "`"
		}
	}
	return d.conn.QueryContext(ctx, "select "+strings.Join(list, ", ")+" from "+table+tail, args...)
}

// each hands every row of a table to fn, as texts in the order of columns. A table that is not there has none.
func (d *Database) each(ctx context.Context, table string, columns []string, tail string, fn func(values) error, args ...any) error {
	if d.columns[table] == nil {
		return nil
	}
	rows, err := d.query(ctx, table, columns, tail, args...)
	if err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	defer rows.Close()
	texts, places := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range texts {
		places[i] = &texts[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return fmt.Errorf("read %s: %w", table, err)
		}
		row := make(values, len(columns))
		for i, c := range columns {
			row[c] = string(texts[i])
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	return nil
}

// ordered ends a query of a table that has an id, so that each run sees the same order.
func (d *Database) ordered(table string) string {
	if d.columns[table]["id"] != "" {
		return " order by id"
	}
	keys := make([]string, 0, len(d.columns[table]))
	for c := range d.columns[table] {
		keys = append(keys, "`"+c+"`")
	}
	slices.Sort(keys)
	return " order by " + strings.Join(keys, ", ")
}
