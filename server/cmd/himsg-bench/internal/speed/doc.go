// Package speed measures 1:1 messages, quiet and full, and puts beside each figure what a bare program reaches that only
// inserts the same rows in groups into the same kind of database, in the same run. himsg-bench imports it. Start with Run.
package speed
