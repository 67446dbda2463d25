package storetest

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"himsg/server/internal/admin"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
)

// wantAudited checks that the record has one entry of an action, and on whom or what.
func wantAudited(t *testing.T, db *sqlstore.DB, action model.AuditAction, subject string) {
	t.Helper()
	entries, err := db.AuditEntries(context.Background(), admin.AuditQuery{Action: string(action), Limit: 10})
	if err != nil || len(entries) != 1 || entries[0].Subject != subject {
		t.Errorf("%s: %+v, %v", action, entries, err)
	}
}

func auditCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"AuditPeriodsAreExact": auditPeriodsAreExact,
	}
}

// auditPeriodsAreExact compares what periods find with all entries, whose times go back now and then: by moments, and by more than
// a day.
func auditPeriodsAreExact(t *testing.T, db *sqlstore.DB) {
	const entries, step, limit = 120, 60_000, 25
	ctx, random := context.Background(), rand.New(rand.NewPCG(5, 15))
	actor := People(t, db, 1)[0]
	from := Start + hour*24*30
	for i := range int64(entries) {
		at := from + i*step
		switch {
		case i%17 == 5:
			at -= 26 * hour
		case i%5 == 3:
			at -= 4 * step
		}
		check(t, db.AppendAudit(ctx, model.AuditEntry{
			At: at, ActorID: actor.UserID, Action: []model.AuditAction{"a", "b"}[i%2], Subject: "s",
		}))
	}
	all, err := db.AuditEntries(ctx, admin.AuditQuery{Limit: 1000})
	check(t, err)
	for range 60 {
		q := admin.AuditQuery{Limit: limit, ActorUUID: []string{"", actor.UserUUID}[random.IntN(2)], Action: []string{"", "b"}[random.IntN(2)]}
		q.From = from + (random.Int64N(2*entries)-entries)*step/2 - 26*hour*random.Int64N(2)
		q.To = cmp.Or(random.Int64N(3), 0) * (q.From + random.Int64N(entries*step)) / 2
		if random.IntN(4) == 0 {
			q.From = 0
		}
		if random.IntN(3) == 0 {
			q.Before = all[random.IntN(len(all))].ID
		}
		got, err := db.AuditEntries(ctx, q)
		check(t, err)
		want := slices.DeleteFunc(slices.Clone(all), func(e admin.AuditView) bool {
			return e.At < q.From || q.To != 0 && e.At >= q.To || q.Before != 0 && e.ID >= q.Before ||
				q.ActorUUID != "" && e.ActorUUID != q.ActorUUID || q.Action != "" && string(e.Action) != q.Action
		})
		if diff := gocmp.Diff(want[:min(len(want), limit)], got); len(got)+len(want) > 0 && diff != "" {
			t.Fatalf("%+v (-want +got):\n%s", q, diff)
		}
	}
}
