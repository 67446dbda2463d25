// Package table is what all measurements of the bench have in common: a row, which is a figure beside its limit and its goal, the
// table of them and the plots.
//
// A figure counts only beside its limit, measured in the same run on the same machine. Start at Row.
package table
