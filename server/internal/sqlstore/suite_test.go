package sqlstore_test

import (
	"testing"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

func TestSuite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) { storetest.Run(t, open) })
}

// TestWithoutReturning stores messages as on MySQL, which has no "insert … returning".
func TestWithoutReturning(t *testing.T) {
	db := sqlstore.WithoutReturning(storetest.MariaDB(t))
	storetest.SendToManyRooms(t, []*sqlstore.DB{db}, storetest.People(t, db, 16))
}
