package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
)

// checkMySQL refuses servers that are too old and warns of settings that break the promise that an acknowledged message
// survives a power cut. It returns the version.
func checkMySQL(ctx context.Context, pool *sql.DB, log *slog.Logger) (version string, err error) {
	if err := pool.QueryRowContext(ctx, "select version()").Scan(&version); err != nil {
		return "", fmt.Errorf("open database: ask for its version: %w", err)
	}
	if !mysqlVersionOK(version) {
		return "", fmt.Errorf("open database: version %s is too old; MariaDB 10.6 or MySQL 8.0 at least", version)
	}
	for name, want := range map[string]string{"innodb_flush_log_at_trx_commit": "1", "innodb_doublewrite": "ON"} {
		if got := mysqlVariable(ctx, pool, name); got != "" && !strings.EqualFold(got, want) && got != "1" {
			warnSetting(ctx, log, name, got, want)
		}
	}
	if got := mysqlVariable(ctx, pool, "sync_binlog"); got != "1" && mysqlVariable(ctx, pool, "log_bin") == "ON" {
		warnSetting(ctx, log, "sync_binlog", got, "1")
	}
	return version, nil
}

func warnSetting(ctx context.Context, log *slog.Logger, name, got, want string) {
	log.WarnContext(ctx, "database setting may lose acknowledged messages in a power cut",
		slog.String("setting", name), slog.String("value", got), slog.String("want", want))
}

// mysqlVariable is a server setting, empty where the server has none of this name.
func mysqlVariable(ctx context.Context, pool *sql.DB, name string) string {
	var key, value string
	row := pool.QueryRowContext(ctx, "show global variables where variable_name = ?", name)
	if err := row.Scan(&key, &value); err != nil {
		return ""
	}
	return value
}

func mysqlVersionOK(version string) bool {
	major, minor := versionNumbers(version)
	if strings.Contains(version, "MariaDB") {
		return major > 10 || major == 10 && minor >= 6
	}
	return major >= 8
}

func versionNumbers(version string) (major, minor int) {
	version = strings.TrimPrefix(version, "5.5.5-") // what MariaDB says to very old clients
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return 0, 0
	}
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return 0, 0
	}
	if minor, err = strconv.Atoi(parts[1]); err != nil {
		return major, 0
	}
	return major, minor
}
