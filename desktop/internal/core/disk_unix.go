//go:build !windows

package core

import "syscall"

// errDiskFull is what a quota says.
const errDiskFull = syscall.EDQUOT
