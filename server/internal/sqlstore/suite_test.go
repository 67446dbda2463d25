package sqlstore_test

import (
	"testing"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

func TestSuite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) { storetest.Run(t, open) })
}

// TestSuiteWithoutReturning runs it as on MySQL, which has no "insert … returning".
func TestSuiteWithoutReturning(t *testing.T) {
	storetest.Run(t, func(t testing.TB) *sqlstore.DB { return sqlstore.WithoutReturning(storetest.MariaDB(t)) })
}
