// Package kills is the independent judge of the delivery contract: it puts people to work on a server, kills the server
// with kill -9 again and again, and compares what was acknowledged with what the database, a fresh client and every
// client that lived through it hold in the end.
//
// What was sent and acknowledged stands in a log of its own (ledger.go), which is on the disk before the judge reads it;
// the judge believes neither the server nor the senders' memory. himsg-bench imports the package. Start with Run, then
// crowd.go (who sends), judge.go (what counts as wrong).
package kills
