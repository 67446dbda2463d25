// Package summary puts what the measurements have left in a folder into one table, one file and the plots of docs/bench.
package summary
