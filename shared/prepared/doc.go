// Package prepared opens pools of SQLite connections that keep their statements. The driver parses a statement each time that it is
// run, which took more than a quarter of the time of reading a page of messages; a connection keeps those that it ran last, ready to
// run again.
//
// One with "select *" is not kept: over a change of its table it would fail (SQLITE_MISUSE).
//
// It stands between database/sql and github.com/ncruces/go-sqlite3/driver and changes nothing else: Open takes what that driver's
// takes. Both the server's stores and the app's use it.
package prepared
