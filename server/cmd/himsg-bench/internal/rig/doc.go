// Package rig starts what himsg-bench measures: the server as a process of its own, a private MariaDB, and people who sign
// in. Packages speed, crowd and faults import it. Start with Server and Data.
package rig
