//go:build unix

package app

import (
	"os"
	"syscall"
)

// ownedByAnother reports whether root is about to work on files of somebody else, and whose they are: root may, and leaves files
// behind that the other one can't read.
func ownedByAnother(path string, me int) (owner int, is bool) {
	info, err := os.Stat(path)
	if err != nil || me != 0 {
		return 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Uid == 0 {
		return 0, false
	}
	return int(stat.Uid), true
}
