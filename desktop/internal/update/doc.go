// Package update puts another version of the app in the place of this one, where the app belongs to its user: a folder of his own on
// Linux, setup.exe on Windows. Elsewhere IT does, and Kind says so. It is core's Installer: core asks the server, judges and loads;
// main.go has it install at the next start (Begin), before anything else is opened.
//
// Nothing is installed whose signature and checksum were not looked at in the same moment. The former version stays beside the new
// one until that one's window stands (Settled); if it does not in time, the former one is put back and runs.
//
// Begin at Updater (update.go); what differs by system is in place_*.go.
package update
