package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

// TestSchemasAgree compares the two dialects' migrations: the same tables, the same columns with the same sort of value
// and the same nulls, the same keys and indexes.
func TestSchemasAgree(t *testing.T) {
	lite, maria := sqliteSchema(t), mariaSchema(t)
	if diff := cmp.Diff(lite, maria); diff != "" {
		t.Errorf("schemas differ (-sqlite +mysql):\n%s", diff)
	}
	if len(lite) < 80 {
		t.Errorf("only %d lines of schema were read", len(lite))
	}
}

func sqliteSchema(t *testing.T) []string {
	pool := sqlstore.Writer(storetest.SQLite(t))
	lines := queryLines(t, pool, `select t.name, c.name, c.type,
       case when c."notnull" = 1 or c.pk > 0 then 'not null' else 'null' end
  from pragma_table_list t join pragma_table_info(t.name) c
 where t.type = 'table' and t.schema = 'main' and t.name not like 'sqlite%' and t.name not like 'goose%'`)
	keys := queryLines(t, pool, `select t.name, case i."unique" when 1 then 'unique' else 'index' end,
       (select group_concat(x.name, ',') from pragma_index_info(i.name) x)
  from pragma_table_list t join pragma_index_list(t.name) i
 where t.type = 'table' and t.schema = 'main' and i.origin <> 'pk' and t.name not like 'goose%'`)
	return canonical(append(lines, keys...))
}

func mariaSchema(t *testing.T) []string {
	pool := sqlstore.Writer(storetest.MariaDB(t))
	lines := queryLines(t, pool, `select table_name, column_name, data_type,
       case is_nullable when 'NO' then 'not null' else 'null' end
  from information_schema.columns
 where table_schema = database() and table_name not like 'goose%'`)
	// An index that MySQL adds for a foreign key has no twin in SQLite: it is named after the constraint's column.
	keys := queryLines(t, pool, `select table_name, if(min(non_unique) = 0, 'unique', 'index'),
       group_concat(column_name order by seq_in_index)
  from information_schema.statistics
 where table_schema = database() and index_name <> 'PRIMARY' and table_name not like 'goose%'
   and (non_unique = 0 or index_name like concat(table_name, '\_%'))
 group by table_name, index_name`)
	return canonical(append(lines, keys...))
}

// canonical gives both dialects' types one name.
func canonical(lines []string) []string {
	for i, line := range lines {
		fields := strings.Split(line, " | ")
		if len(fields) == 4 {
			switch strings.ToLower(fields[2]) {
			case "integer", "bigint", "tinyint":
				fields[2] = "number"
			case "text", "varchar", "char", "varbinary":
				fields[2] = "text"
			case "blob", "mediumblob":
				fields[2] = "bytes"
			}
		}
		lines[i] = strings.Join(fields, " | ")
	}
	slices.Sort(lines)
	return lines
}

func queryLines(t testing.TB, pool *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := pool.QueryContext(context.Background(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(sql.NullString)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		fields := make([]string, 0, len(values))
		for _, v := range values {
			fields = append(fields, v.(*sql.NullString).String)
		}
		lines = append(lines, strings.Join(fields, " | "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestBlankIsWhatMigrationsMake: what tests get copies of is, table by table and row by row, what the migrations make.
func TestBlankIsWhatMigrationsMake(t *testing.T) {
	server := storetest.SharedMariaDB(t)
	for name, pair := range map[string][2]sqlstore.Options{
		"sqlite":  {{Dir: t.TempDir()}, {Dir: t.TempDir()}},
		"mariadb": {{Dir: t.TempDir(), URL: server.URL(t)}, {Dir: t.TempDir(), URL: server.EmptyURL(t)}},
	} {
		t.Run(name, func(t *testing.T) {
			tables, definition := "select name from sqlite_schema where type = 'table'",
				"select type, name, sql from sqlite_schema where tbl_name = '%s' order by 1, 2"
			if pair[0].URL == "" {
				storetest.Blank(t, pair[0].Dir)
			} else {
				tables, definition = "select table_name from information_schema.tables where table_schema = database()", "show create table `%s`"
			}
			var said [2][]string
			for i, o := range pair {
				db, err := sqlstore.Open(context.Background(), o)
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				from, _, err := db.Migrate(context.Background())
				if err != nil || (from == 0) != (i == 1) {
					t.Fatalf("migrated from %d, %v", from, err)
				}
				pool := sqlstore.Writer(db)
				for _, table := range queryLines(t, pool, tables) {
					said[i] = append(said[i], queryLines(t, pool, fmt.Sprintf(definition, table))...)
					rows := "select * from " + table
					if table == "goose_db_version" { // when it was is in another column
						rows = "select id, version_id, is_applied from " + table
					}
					said[i] = append(said[i], queryLines(t, pool, rows)...)
				}
				slices.Sort(said[i])
			}
			if diff := cmp.Diff(said[1], said[0]); diff != "" {
				t.Errorf("the copy differs (-migrated +copy):\n%s", diff)
			}
			if len(said[0]) < 60 {
				t.Errorf("only %d lines were read", len(said[0]))
			}
		})
	}
}
