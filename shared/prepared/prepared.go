package prepared

import (
	"container/list"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/ncruces/go-sqlite3"
	sqlite "github.com/ncruces/go-sqlite3/driver"
)

const (
	// kept is how many statements a connection keeps: more than any of ours runs again and again.
	kept = 64
	// longest is how long one is at most, in bytes. The longer ones are lists of values, hardly ever as long again.
	longest = 4 << 10
)

// Open opens a pool for a name of the driver. prepare is called with each new connection, and must not keep it.
func Open(name string, prepare func(*sqlite3.Conn) error) (*sql.DB, error) {
	return open(name, prepare, false)
}

// OpenReader is Open for a pool that can't write. Its connections are told so once: the driver tells it anew to each read-only
// transaction, and each time SQLite parses all its statements again.
func OpenReader(name string, prepare func(*sqlite3.Conn) error) (*sql.DB, error) {
	return open(name, prepare, true)
}

func open(name string, prepare func(*sqlite3.Conn) error, reads bool) (*sql.DB, error) {
	inner, err := (&sqlite.SQLite{}).OpenConnector(name)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{inner, prepare, reads}), nil
}

type connector struct {
	inner   driver.Connector
	prepare func(*sqlite3.Conn) error
	reads   bool
}

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return c.inner.Driver() }

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.inner.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := opened.(connection)
	if !ok {
		return nil, errors.Join(errors.New("the driver's connections are others"), opened.Close())
	}
	if err := c.begin(ctx, inner.Raw()); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return &conn{connection: inner, reads: c.reads, at: map[string]*list.Element{}, order: list.New()}, nil
}

func (c connector) begin(ctx context.Context, raw *sqlite3.Conn) error {
	if old := raw.SetInterrupt(ctx); old != ctx {
		defer raw.SetInterrupt(old)
	}
	// A plan that goes by the values that are bound is made anew for each of them, which keeping is to spare. All of ours are good for
	// any value.
	if _, err := raw.Config(sqlite3.DBCONFIG_ENABLE_QPSG, true); err != nil {
		return err
	}
	if err := c.prepare(raw); err != nil || !c.reads {
		return err
	}
	return raw.Exec("pragma query_only=on")
}

// connection is what the driver's connections do for database/sql.
type connection interface {
	sqlite.Conn
	driver.ExecerContext
	driver.NamedValueChecker
}

// conn is a connection with the statements that it keeps, the one that rests longest last. As any connection it serves one at a time.
type conn struct {
	connection

	reads bool // it can't write, whatever the transaction
	at    map[string]*list.Element
	order *list.List // of *stmt
}

// BeginTx implements driver.ConnBeginTx.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	opts.ReadOnly = opts.ReadOnly && !c.reads
	return c.connection.BeginTx(ctx, opts)
}

// Prepare implements driver.Conn.
func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

// PrepareContext implements driver.ConnPrepareContext. A kept statement is taken out while somebody uses it, so that the same one may
// be open twice.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if e := c.at[query]; e != nil {
		delete(c.at, query)
		return c.order.Remove(e).(*stmt), nil //nolint:forcetypeassert // it holds nothing else
	}
	prepared, err := c.connection.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	inner, ok := prepared.(statement)
	if !ok || strings.Contains(query, "select *") { // what * means may change
		return prepared, nil
	}
	return &stmt{statement: inner, conn: c, query: query}, nil
}

// Close implements driver.Conn. SQLite closes no connection that has statements.
func (c *conn) Close() error {
	var err error
	for e := c.order.Front(); e != nil; e = e.Next() {
		err = errors.Join(err, e.Value.(*stmt).statement.Close()) //nolint:forcetypeassert // it holds nothing else
	}
	c.order.Init()
	c.at = nil
	return errors.Join(err, c.connection.Close())
}

// keep puts a statement back that nobody uses.
func (c *conn) keep(s *stmt) error {
	if c.at == nil || c.at[s.query] != nil || len(s.query) > longest || s.failed {
		return s.statement.Close()
	}
	c.at[s.query] = c.order.PushFront(s)
	if c.order.Len() <= kept {
		return nil
	}
	oldest := c.order.Remove(c.order.Back()).(*stmt) //nolint:forcetypeassert // it holds nothing else
	delete(c.at, oldest.query)
	return oldest.statement.Close()
}

// statement is what the driver's statements do for database/sql.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
	driver.NamedValueChecker
}

type stmt struct {
	statement

	conn   *conn
	query  string
	failed bool // it is not run again: what an error leaves behind is nobody's business
}

// Close implements driver.Stmt.
func (s *stmt) Close() error { return s.conn.keep(s) }

// ExecContext implements driver.StmtExecContext.
func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	result, err := s.statement.ExecContext(ctx, args)
	s.failed = s.failed || err != nil
	return result, err
}

// QueryContext implements driver.StmtQueryContext.
func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.statement.QueryContext(ctx, args)
	s.failed = s.failed || err != nil
	return rows, err
}
