// Package backup copies a whole server into a folder, and makes a server from such a copy again. (The archives of deleted
// people are another thing: package admin makes them.)
//
// Begin at layout.go, which says what lies in the folder. make.go writes a backup while the server works, restore.go reads it into
// an empty place, check.go reads it to the end without one. What is copied is asked for in ports.go.
//
// All is encrypted to age's public keys: the server that makes backups can't open them, and who steals the folder can't
// either. What a backup says is not signed: who may write into the folder can put another backup there. So keep it where the
// server can add but not change, or copy it away.
package backup
