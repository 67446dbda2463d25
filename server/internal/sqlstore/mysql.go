package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

// mysqlScheme starts the address of a MySQL-compatible database.
const mysqlScheme = "mysql://"

const (
	mysqlDialTimeout = 5 * time.Second
	mysqlNextTimeout = 2 * time.Second  // when there is another one to ask
	mysqlIOTimeout   = 20 * time.Second // for one answer; above writeTimeout: the context ends a statement first
	mysqlWriters     = 16               // sessions that write; committers take 5 of them
	mysqlReaders     = 24
	mysqlRetryEvery  = 500 * time.Millisecond
	mysqlTellEvery   = 10 // tries; the log need not name them all
)

// readCommitted begins sessions that write: a writer that waited for a row lock must see what the holder stored, and gap locks would
// only make deadlocks. The name of the system variable differs between servers, the statement not.
const readCommitted = "set session transaction isolation level read committed"

func openMySQL(ctx context.Context, o Options) (*DB, error) {
	configs, err := mysqlConfigs(o.URL)
	if err != nil {
		return nil, err
	}
	all := &members{}
	for _, cfg := range configs {
		all.addrs = append(all.addrs, cfg.Addr)
	}
	writing, err := newDialer(all, configs, readCommitted)
	if err != nil {
		return nil, err
	}
	writer := sql.OpenDB(writing)
	writer.SetMaxOpenConns(mysqlWriters)
	writer.SetMaxIdleConns(mysqlWriters)
	if err := awaitMySQL(ctx, writer, configs[0], o); err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	version, err := checkMySQL(ctx, writer, o.Logger)
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	reading, err := newDialer(all, configs, "")
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	reader := sql.OpenDB(reading)
	reader.SetMaxOpenConns(mysqlReaders)
	reader.SetMaxIdleConns(mysqlReaders)
	d := mysqlDialect
	d.returning = strings.Contains(version, "MariaDB")
	return &DB{
		d: d, writer: writer, reader: reader, members: len(configs),
		galera: strings.EqualFold(mysqlVariable(ctx, writer, "wsrep_on"), "ON"),
	}, nil
}

// mysqlConfigs reads mysql://user:password@tcp(host:3306)/database, and one with several hosts, divided by commas, which are the members
// of a cluster.
func mysqlConfigs(url string) (configs []*mysql.Config, err error) {
	begin, hosts, end := cutHosts(url)
	several := strings.Split(hosts, ",")
	for _, host := range several {
		cfg, err := mysqlConfig(begin + strings.TrimSpace(host) + end)
		if err != nil {
			return nil, err
		}
		if len(several) > 1 {
			cfg.Timeout = mysqlNextTimeout
		}
		configs = append(configs, cfg)
	}
	return configs, nil
}

// cutHosts finds what stands in the brackets of an address, or between the account and the database's name.
func cutHosts(url string) (begin, hosts, end string) {
	at := strings.LastIndex(url, "@") + 1 // a password may hold anything
	if at == 0 {
		at = min(len(mysqlScheme), len(url))
	}
	begin, hosts = url[:at], url[at:]
	if open := strings.IndexByte(hosts, '('); open >= 0 {
		if shut := strings.IndexByte(hosts, ')'); shut > open {
			return begin + hosts[:open+1], hosts[open+1 : shut], hosts[shut:]
		}
		return begin, hosts, ""
	}
	if slash := strings.IndexByte(hosts, '/'); slash >= 0 {
		return begin, hosts[:slash], hosts[slash:]
	}
	return begin, hosts, ""
}

// mysqlConfig reads mysql://user:password@tcp(host:3306)/database; host:port without tcp() is understood too.
// No error text holds the password.
func mysqlConfig(url string) (*mysql.Config, error) {
	dsn, ok := strings.CutPrefix(url, mysqlScheme)
	if !ok {
		return nil, errors.New("open database: the address must begin with mysql://")
	}
	account, rest, ok := cutLast(dsn, "@")
	if !ok {
		account, rest = "", dsn
	}
	if host, tail, ok := strings.Cut(rest, "/"); ok && host != "" && !strings.Contains(rest, "(") {
		rest = "tcp(" + host + ")/" + tail
	}
	cfg, err := mysql.ParseDSN(account + "@" + rest)
	if err != nil {
		return nil, fmt.Errorf("open database: the address is not of the form mysql://user:password@tcp(host:3306)/name: %w",
			err)
	}
	if cfg.DBName == "" {
		return nil, errors.New("open database: the address names no database, as in " +
			"mysql://user:password@tcp(host:3306)/name")
	}
	cfg.Collation = "utf8mb4_bin"
	cfg.InterpolateParams = true // safe with utf8mb4; saves a round trip for each statement
	cfg.ClientFoundRows = true   // rows affected means rows found, as in SQLite
	cfg.Timeout = mysqlDialTimeout
	cfg.ReadTimeout, cfg.WriteTimeout = mysqlIOTimeout, mysqlIOTimeout
	cfg.Logger = &mysql.NopLogger{} // what it would say comes back as errors, which we log
	if cfg.Params == nil {
		cfg.Params = map[string]string{}
	}
	cfg.Params["innodb_lock_wait_timeout"] = "5" // then the transaction runs again; the default is 50 s
	cfg.Params["sql_mode"] = "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"
	return cfg, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+len(sep):], true
}

// awaitMySQL waits until the database answers.
func awaitMySQL(ctx context.Context, pool *sql.DB, cfg *mysql.Config, o Options) error {
	wait := max(o.Connect, 0)
	ctx, cancel := context.WithTimeout(ctx, wait+mysqlDialTimeout)
	defer cancel()
	giveUp := time.NewTimer(wait)
	defer giveUp.Stop()
	for try := 0; ; try++ {
		err := pool.PingContext(ctx)
		if err == nil {
			return nil
		}
		if refusal := mysqlRefusal(cfg, err); refusal != nil {
			return refusal
		}
		again := time.NewTimer(mysqlRetryEvery)
		select {
		case <-giveUp.C:
			again.Stop()
			return fmt.Errorf("open database: nothing answers at %s after %s: %w", cfg.Addr, wait, err)
		case <-ctx.Done():
			again.Stop()
			return fmt.Errorf("open database at %s: %w", cfg.Addr, errors.Join(ctx.Err(), err))
		case <-again.C:
			if try%mysqlTellEvery != 0 {
				continue
			}
			o.Logger.WarnContext(ctx, "database does not answer, trying again", slog.String("addr", cfg.Addr),
				slog.Any("error", err))
		}
	}
}

// mysqlRefusal says in words what waiting would not mend; nil if it might.
func mysqlRefusal(cfg *mysql.Config, err error) error {
	me, ok := errors.AsType[*mysql.MySQLError](err)
	if !ok {
		return nil
	}
	switch me.Number {
	case 1045, 1698: // ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR
		return fmt.Errorf("open database: %s refuses the user name %q or its password: %w", cfg.Addr, cfg.User, err)
	case 1044: // ER_DBACCESS_DENIED_ERROR
		return fmt.Errorf("open database: the user %q may not use the database %q: %w", cfg.User, cfg.DBName, err)
	case 1049: // ER_BAD_DB_ERROR
		return fmt.Errorf("open database: there is no database %q at %s; create it first: %w", cfg.DBName, cfg.Addr, err)
	case 1130: // ER_HOST_NOT_PRIVILEGED
		return fmt.Errorf("open database: %s does not accept this machine: %w", cfg.Addr, err)
	}
	return nil
}
