package sqlstore_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"

	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
)

func TestTheAuditChainShowsTampering(t *testing.T) {
	const rows = 30
	for _, c := range []struct {
		name, tamper, says string
	}{
		{"nothing", "", ""},
		{"a field changed", "update audit set subject = 'somebody else' where id = 7", "entry 7 was changed"},
		{"the time changed", "update audit set at = at + 1 where id = 7", "entry 7 was changed"},
		{"the actor changed", "update audit set actor_id = 99 where id = 7", "entry 7 was changed"},
		{"an entry deleted", "delete from audit where id = 7", "entry 8 does not follow"},
		{"the first deleted", "delete from audit where id = 1", "entry 2 does not follow"},
		{"two swapped", "update audit set id = case id when 7 then 1008 when 8 then 1007 end where id in (7, 8)", "does not follow"},
		{"the end cut off", "delete from audit where id > 28", "30 entries were written, 28 are there"},
		{"all gone", "delete from audit", "30 entries were written, 0 are there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, db *sqlstore.DB, bare *sql.DB) {
				var all sync.WaitGroup
				for range rows {
					all.Go(func() {
						if err := db.AppendAudit(context.Background(), entry(model.AuditUserApproved, 3)); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
				if c.tamper != "" {
					exec(t, bare, c.tamper)
				}
				report, err := db.CheckAudit(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				if (c.says == "") != report.Whole() || !strings.Contains(report.Fault.String(), c.says) {
					t.Errorf("fault %q, want %q", report.Fault.String(), c.says)
				}
				if c.tamper == "" && report.Entries != rows {
					t.Errorf("%d entries", report.Entries)
				}
			})
		})
	}
}
