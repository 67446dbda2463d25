package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/ncruces/go-sqlite3"
	sqlitedriver "github.com/ncruces/go-sqlite3/driver"
)

// This file keeps SQLite's statements prepared. database/sql prepares each one anew, which costs more than most of them take:
// half of what a page of history costs. Each connection keeps its own.

const (
	keptStatements = 64      // of a connection; some hundreds of kilobytes at most
	keptText       = 4 << 10 // longer ones, with hundreds of values, hardly ever come again
)

// keepingConnector makes connections that keep statements.
type keepingConnector struct {
	driver.Connector
	prepare  func(*sqlite3.Conn) error // of each new connection
	readOnly bool                      // they write nothing
}

// Connect implements driver.Connector.
func (k keepingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := opened.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("not a connection of SQLite's driver"), opened.Close())
	}
	err = k.prepare(conn.Raw())
	if err == nil && k.readOnly {
		err = conn.Raw().Exec("pragma query_only = on")
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &keepingConn{sqliteConn: conn, readOnly: k.readOnly, kept: map[string]*keptStatement{}}, nil
}

// sqliteConn is what the driver's connections can do.
type sqliteConn interface {
	sqlitedriver.Conn
	driver.ExecerContext
	driver.NamedValueChecker
}

// keepingConn is a connection. database/sql calls it and its statements one at a time.
type keepingConn struct {
	sqliteConn
	readOnly bool
	kept     map[string]*keptStatement // those that nobody uses now, by their text
	uses     int64
}

// BeginTx implements driver.ConnBeginTx. The driver makes a connection read-only for a transaction by a pragma, and that
// voids all that is prepared; one that never writes needs none.
func (c *keepingConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if c.readOnly {
		o.ReadOnly = false
	}
	return c.sqliteConn.BeginTx(ctx, o)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *keepingConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if s := c.kept[query]; s != nil {
		delete(c.kept, query)
		return s, nil
	}
	prepared, err := c.sqliteConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s, ok := prepared.(sqliteStatement)
	if !ok || len(query) > keptText || strings.Contains(query, "select *") { // what * means may change
		return prepared, nil
	}
	return &keptStatement{sqliteStatement: s, conn: c, query: query}, nil
}

// Prepare implements driver.Conn.
func (c *keepingConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

// Close implements driver.Conn.
func (c *keepingConn) Close() error {
	var failed []error
	for query, s := range c.kept {
		failed = append(failed, s.sqliteStatement.Close())
		delete(c.kept, query)
	}
	c.kept = nil // a statement that is given back later is closed
	return errors.Join(append(failed, c.sqliteConn.Close())...)
}

// keep takes a statement that is not used now. The one that was used least lately makes room.
func (c *keepingConn) keep(s *keptStatement) error {
	if c.kept == nil || c.kept[s.query] != nil {
		return s.sqliteStatement.Close()
	}
	var failed error
	if len(c.kept) >= keptStatements {
		oldest := s
		for _, other := range c.kept {
			if oldest == s || other.used < oldest.used {
				oldest = other
			}
		}
		delete(c.kept, oldest.query)
		failed = oldest.sqliteStatement.Close()
	}
	c.uses++
	s.used = c.uses
	c.kept[s.query] = s
	return failed
}

// sqliteStatement is what the driver's statements can do.
type sqliteStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
	driver.NamedValueChecker
}

// keptStatement goes back to its connection when it is closed. Whoever used it has reset it: the driver does at the end of an
// execution, and when rows are closed.
type keptStatement struct {
	sqliteStatement
	conn  *keepingConn
	query string
	used  int64
}

// Close implements driver.Stmt.
func (s *keptStatement) Close() error { return s.conn.keep(s) }
