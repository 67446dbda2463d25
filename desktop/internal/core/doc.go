// Package core is the desktop app without its face: who is signed in, the connection, the local store kept equal to the
// server, the outbox, read marks, and the decision what to notify of. The page shows what core holds and asks it to act.
//
// Package shell imports it and hands its methods to the page one by one (shell.Face lists them); main.go builds it. What
// it needs of the operating system stands in ports.go, what it tells the page in view.go.
//
// Start with Core (core.go): New, Run, Close. A signed-in person's work is in session.go and what it names: replica.go
// (what the server said), outbox.go and reads.go (what the server is still to be told), notify.go. Everything that the
// page learns of goes through updates (update.go), which makes one update of all that changed within a moment.
package core
