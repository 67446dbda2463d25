// Package storetest is for tests only: it gives databases (a SQLite file; a private MariaDB of the test binary's own)
// and holds the suite that package sqlstore passes on both.
//
// Start with Each, which runs a test on both databases, or with SQLite and MariaDB for one of them. Run is the suite.
package storetest
