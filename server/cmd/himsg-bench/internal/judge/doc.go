// Package judge is the independent checker of the delivery contract: it compares what was sent and acknowledged with what
// the database, a fresh client and every client that lived through a fault hold in the end.
//
// What was sent and acknowledged stands in a log of its own (Ledger), which is on the disk before the judge reads it; the
// judge believes neither the server nor the senders' memory. Packages crowd, which writes the ledger, and faults import it.
// Start with Judge.
package judge
