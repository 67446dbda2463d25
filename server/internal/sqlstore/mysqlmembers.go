package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/go-sql-driver/mysql"
)

// This file connects to a database that may be a cluster of several servers, its members.

// members are the servers that hold the same database. Connections go to one of them, the first that can work, for as long as it can.
type members struct {
	addrs []string
	mu    sync.Mutex
	at    int    // the one that is asked first
	turn  uint64 // grows when a member can't work any more: older connections are thrown away
}

func (m *members) first() (at int, turn uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at, m.turn
}

// chose says which one could work, unless one was left since the turn.
func (m *members) chose(at int, turn uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.turn == turn {
		m.at = at
	}
}

func (m *members) current(turn uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.turn == turn
}

// leave says that the member of a connection can't work, or does not answer. Many connections find that out at once.
func (m *members) leave(turn uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.turn == turn {
		m.turn++
		m.at = (m.at + 1) % len(m.addrs)
	}
}

// dialer opens connections for one pool. begin is run on each: a session's settings.
type dialer struct {
	*members
	each  []driver.Connector // by member
	begin string             // empty: nothing
}

func newDialer(m *members, configs []*mysql.Config, begin string) (*dialer, error) {
	d := &dialer{members: m, begin: begin}
	for _, cfg := range configs {
		connector, err := mysql.NewConnector(cfg)
		if err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
		d.each = append(d.each, connector)
	}
	return d, nil
}

// Driver implements driver.Connector.
func (d *dialer) Driver() driver.Driver { return d.each[0].Driver() }

// Connect implements driver.Connector: to the member that worked last, or the next one that can.
func (d *dialer) Connect(ctx context.Context) (driver.Conn, error) {
	first, turn := d.first()
	var failures []error
	for i := range d.each {
		at := (first + i) % len(d.each)
		conn, err := d.connect(ctx, d.each[at])
		if err == nil {
			d.chose(at, turn)
			return &session{mysqlConn: conn, of: d.members, turn: turn}, nil
		}
		if len(d.each) == 1 {
			return nil, err
		}
		failures = append(failures, fmt.Errorf("%s: %w", d.addrs[at], err))
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(failures...)
}

func (d *dialer) connect(ctx context.Context, to driver.Connector) (mysqlConn, error) {
	if len(d.each) > 1 { // one that takes the connection and says nothing is passed over
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, mysqlNextTimeout)
		defer cancel()
	}
	raw, err := to.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := raw.(mysqlConn)
	if !ok {
		return nil, errors.Join(errors.New("the MySQL driver can't do what we need"), raw.Close())
	}
	if err := d.prepare(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// prepare settles what a session must have. A member of a Galera cluster that is cut off from the others is refused; one that is not
// waits before it reads until it has stored what the others have: else what was acknowledged there could be missing here.
func (d *dialer) prepare(ctx context.Context, conn mysqlConn) error {
	galera, err := variable(ctx, conn, "show variables like 'wsrep_on'")
	if err != nil {
		return err
	}
	if strings.EqualFold(galera, "ON") {
		ready, err := variable(ctx, conn, "show status like 'wsrep_ready'")
		if err != nil {
			return err
		}
		if !strings.EqualFold(ready, "ON") {
			return errNotReady
		}
		if _, err := conn.ExecContext(ctx, "set session wsrep_sync_wait = 1", nil); err != nil {
			return err
		}
	}
	if d.begin == "" {
		return nil
	}
	_, err = conn.ExecContext(ctx, d.begin, nil)
	return err
}

// errNotReady is what such a member says by itself.
var errNotReady = &mysql.MySQLError{Number: mysqlNotReady, Message: "the member of the cluster is cut off from the others, or not ready yet"}

// variable is the value that a "show … like" finds, empty if there is none.
func variable(ctx context.Context, conn driver.QueryerContext, query string) (value string, err error) {
	rows, err := conn.QueryContext(ctx, query, nil)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(row); err != nil {
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		return "", err
	}
	if text, ok := row[len(row)-1].([]byte); ok {
		value = string(text)
	}
	return value, nil
}

// mysqlConn is what the driver's connections can do.
type mysqlConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// session is a connection that is thrown away when nobody can say any more what state it is in.
type session struct {
	mysqlConn
	of   *members
	turn uint64
	lost bool
}

// note looks at what a member answered. That it is not ready means that it did nothing, so database/sql, or our caller, tries another
// connection. A connection that broke makes us doubt the member's other ones, if there are other members.
func (s *session) note(err error) error {
	if err == nil {
		return nil
	}
	if me, ok := errors.AsType[*mysql.MySQLError](err); ok {
		if me.Number != mysqlNotReady {
			return err
		}
		s.lost = true
		s.of.leave(s.turn)
		return errors.Join(driver.ErrBadConn, err)
	}
	if len(s.of.addrs) > 1 && connectionLost(err) {
		s.of.leave(s.turn)
	}
	return err
}

// ResetSession implements driver.SessionResetter: the connection is about to be used again.
func (s *session) ResetSession(ctx context.Context) error {
	if s.lost || !s.of.current(s.turn) {
		return driver.ErrBadConn
	}
	return s.mysqlConn.ResetSession(ctx)
}

// IsValid implements driver.Validator: whether the connection goes back into the pool.
func (s *session) IsValid() bool { return !s.lost && s.mysqlConn.IsValid() }

// ExecContext implements driver.ExecerContext.
func (s *session) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	done, err := s.mysqlConn.ExecContext(ctx, query, args)
	return done, s.note(err)
}

// QueryContext implements driver.QueryerContext.
func (s *session) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.mysqlConn.QueryContext(ctx, query, args)
	return rows, s.note(err)
}

// BeginTx implements driver.ConnBeginTx.
func (s *session) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	tx, err := s.mysqlConn.BeginTx(ctx, o)
	if err != nil {
		return nil, s.note(err)
	}
	return &sessionTx{tx, s}, nil
}

// sessionTx is a transaction. When a server refuses to end it, as a member that is cut off does, it stays open, and the next one on the
// same connection would commit what was done of it: such a connection ends.
type sessionTx struct {
	driver.Tx
	on *session
}

// Commit implements driver.Tx.
func (t *sessionTx) Commit() error { return t.ended(t.Tx.Commit()) }

// Rollback implements driver.Tx.
func (t *sessionTx) Rollback() error { return t.ended(t.Tx.Rollback()) }

func (t *sessionTx) ended(err error) error {
	if me, ok := errors.AsType[*mysql.MySQLError](err); err != nil && (!ok || me.Number != mysqlDeadlock) {
		t.on.lost = true // after a deadlock, and that is what losing against another member is called, it was rolled back
	}
	return t.on.note(err)
}
