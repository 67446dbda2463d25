// Package migrations holds the schema of both databases: one folder per dialect, files with the same numbers and the same
// meaning. The server's sqlstore applies them with goose. A landed file never changes; see README.md.
package migrations

import "embed"

// SQLite holds sqlite/*.sql.
//
//go:embed sqlite/*.sql
var SQLite embed.FS

// MySQL holds mysql/*.sql, for MySQL 8 and MariaDB 10.6 or newer.
//
//go:embed mysql/*.sql
var MySQL embed.FS
