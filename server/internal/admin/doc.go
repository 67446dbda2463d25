// Package admin is what administrators do: decide about sign-ups, be the first owner. Everything here leaves an entry
// in the audit chain, in the same transaction.
//
// api and the command line call it, sqlstore implements its port. Start with Service.
package admin
