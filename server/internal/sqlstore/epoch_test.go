package sqlstore_test

import (
	"context"
	"testing"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

func TestTheEpochNeverGoesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		is := func(want int64) {
			t.Helper()
			if got, err := db.Epoch(ctx); err != nil || got != want {
				t.Errorf("epoch %d, %v, want %d", got, err, want)
			}
		}
		is(0) // a database that nothing was restored into
		for _, value := range []int64{1_700_000_000_000, 1_700_000_000_000, 1_700_000_000_001} {
			if err := db.SetEpoch(ctx, value); err != nil {
				t.Fatal(err)
			}
			is(value)
		}
		if db.SetEpoch(ctx, 1_700_000_000_000) == nil {
			t.Error("an earlier one was taken")
		}
		is(1_700_000_000_001)
	})
}
