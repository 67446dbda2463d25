// Package starting measures the server by itself: from its start until it listens, empty and with much in it, its memory while
// nobody is there, its size, and how many people it signs in, beside the bare hashing of as many passwords.
package starting
