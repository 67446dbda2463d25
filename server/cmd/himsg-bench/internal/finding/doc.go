// Package finding measures the search of messages: how long a page takes for words of every frequency, for people of few and
// of many rooms, on both databases, and what the index costs. himsg-bench imports it. Start with Run.
//
// A million messages would take long to send, so it alone of the bench fills the server's database through package sqlstore,
// and searches through it too. The way over the socket is the same as that of a page of history.
package finding
