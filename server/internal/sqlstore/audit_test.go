package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"

	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
)

// swapped are statements that put each of two entries in the place of the other.
func swapped(a, b int) string {
	return fmt.Sprintf("update audit set id = 1000 where id = %d; update audit set id = %d where id = %d; update audit set id = %d where id = 1000",
		a, a, b, b)
}

// linked is a statement that has an entry follow the one before it, as its hash is now.
func linked(id int) string {
	return fmt.Sprintf("; update audit set prev_hash = (select h from (select hash as h from audit where id = %d) x) where id = %d", id-1, id)
}

// retold are statements by which each of two entries says of the other's person what it said of its own.
func retold(a, b int) string {
	const as = "update audit set subject = (select s from (select %s as s from audit where id = %d) x) where id = %d; "
	return fmt.Sprintf("update audit set detail = subject where id = %d; "+as+as+"update audit set detail = '' where id = %d",
		a, "subject", b, a, "detail", a, b, a)
}

func TestTheAuditChainShowsTampering(t *testing.T) {
	const rows = 30
	cases := []struct{ name, tamper, says string }{
		{"nothing", "", ""},
		{"a field changed", "update audit set subject = 'somebody else' where id = 7", "entry 7 was changed"},
		{"the time changed", "update audit set at = at + 1 where id = 7", "entry 7 was changed"},
		{"the actor changed", "update audit set actor_id = 99 where id = 7", "entry 7 was changed"},
		{"an entry deleted", "delete from audit where id = 7", "entry 8 does not follow"},
		{"the first deleted", "delete from audit where id = 1", "entry 2 does not follow"},
		{"two moved to the end", "update audit set id = case id when 7 then 1008 when 8 then 1007 end where id in (7, 8)", "entry 9 does not follow"},
		{"two neighbours swapped", swapped(7, 8), "entry 7 does not follow"},
		{"two swapped, far apart", swapped(7, 20), "entry 7 does not follow"},
		{"two neighbours swapped, their links mended", swapped(7, 8) + linked(7) + linked(8) + linked(9), "entry 7 was changed"},
		{"what two neighbours say swapped", retold(7, 8), "entry 7 was changed"},
		{"the end cut off", "delete from audit where id > 28", "30 entries were written, 28 are there"},
		{"all gone", "delete from audit", "30 entries were written, 0 are there"},
	}
	onBoth(t, func(t *testing.T, db *sqlstore.DB, bare *sql.DB) {
		var all sync.WaitGroup
		for i := range rows {
			all.Go(func() {
				e := entry(model.AuditUserApproved, 3)
				e.Subject = fmt.Sprint("person ", i)
				if err := db.AppendAudit(context.Background(), e); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		exec(t, bare, "create table written as select * from audit")
		for _, c := range cases {
			exec(t, bare, "delete from audit")
			exec(t, bare, "insert into audit select * from written")
			for _, statement := range strings.Split(c.tamper, "; ") {
				if statement != "" {
					exec(t, bare, statement)
				}
			}
			report, err := db.CheckAudit(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if (c.says == "") != report.Whole() || !strings.Contains(report.Fault.String(), c.says) {
				t.Errorf("%s: fault %q, want %q", c.name, report.Fault.String(), c.says)
			}
			if c.tamper == "" && report.Entries != rows {
				t.Errorf("%d entries", report.Entries)
			}
		}
	})
}
