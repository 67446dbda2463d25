// Package search holds the rules of searching messages: what a query means, and which terms an index keeps of a text.
//
// The server's index and the desktop's local store import it, so that both find the same. Start with Parse and Terms: an
// index holds the Terms of every text; a text that a Query matches has all Terms of that query among its own, so the index
// yields candidates, and Query.Match decides on the text itself. An index that is stale or coarse can therefore make a
// search slower, never wrong.
//
// What is found: Korean, Chinese, Japanese and signs also inside longer words; letters of scripts that are written with
// blanks, and digits, from the beginning of a word ("serv" finds "server", "erver" does not). Letter case makes no
// difference, nor how a syllable was put together (NFC), nor invisible characters. Nothing is a wildcard.
package search
