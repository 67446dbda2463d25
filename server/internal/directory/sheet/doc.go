// Package sheet reads and writes tables of text: Excel (.xlsx) and CSV, as HR systems and people make them. It trusts nothing:
// what a file unpacks to is bounded, nothing in it is executed or fetched, and rows are handed over one by one.
//
// It is written over archive/zip and encoding/xml: the streaming readers of libraries don't tell formulas from values, and
// we refuse formulas. app gives it to package directory, which asks for it in its ports. Start with Files.
package sheet
