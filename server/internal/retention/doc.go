// Package retention deletes what is older than the company keeps it, and holds back what must not be deleted.
// docs/adr/0018-retention.md says what goes, and what wins over what.
//
// api and app call it, sqlstore implements its port. Start with Service; what deletes is in run.go.
package retention
