// Package store is the desktop's local, encrypted SQLite file: the rooms, messages and people that this device holds,
// and the work that waits for the server (outbox, drafts, read marks).
//
// One file belongs to one person on one server. It is a copy that can be made anew from the server at any time, except
// for the outbox and the drafts, which exist only here: they are written durably, and Rescue tries to read them out of a
// damaged file. Package core imports it, nobody else. Start with Open; rooms.go and messages.go hold what the sync engine
// writes, outbox.go what the user writes.
//
// The whole file, its journal included, is encrypted by the adiantum VFS with a key that the caller keeps (in the
// desktop's keyring). There is one writing connection; readers have their own and see committed states only.
package store
