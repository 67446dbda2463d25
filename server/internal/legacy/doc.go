// Package legacy moves a whole company from the original Hi_Msg (a Flask program on MySQL) into this server: people with their old
// passwords, rooms, messages, marks of reading and files.
//
// An import has two halves. Read looks at everything and decides what comes and how, without changing anything; what it can't
// bring as it is stands in a Report, row by row. Move writes what was decided, in steps that can be broken off anywhere and
// repeated: every row has a key that follows from the original (plan.go), and how far it came is stored with the rows. At the
// end all of it is read back and compared.
//
// The adapter beneath (original) reads the old database and its folder of uploads; sqlstore and package files take what comes.
// Package app puts them together for the command import-legacy. Start with Read and Move; sample makes an original to try it with.
package legacy
