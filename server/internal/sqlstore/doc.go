// Package sqlstore holds all SQL of the server: the tables of package migrations on SQLite or on a MySQL-compatible
// database, behind the ports of the services. Nobody but the composition root and tests imports it.
//
// Start at open.go (what a DB is) and tx.go (how every method reads and writes). dialect.go holds what the two
// databases say differently. committer.go stores messages: the hot path. The other files each implement one port of a
// service.
//
// Every public method is one transaction. Refusals are *errs.Error; a database that is away is wire.Unavailable.
package sqlstore
