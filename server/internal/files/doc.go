// Package files takes uploads, checks what they are, keeps their bytes and hands them out to who may have them
// (docs/adr/0013-files.md). A file is a row (Store) and a blob (Blobs); messages refer to files, and package chat hangs them on.
//
// Nothing of a file is believed: its name, size, kind and checksum are what somebody said; what is in it was made by somebody
// who may mean ill. Start with service.go.
package files
