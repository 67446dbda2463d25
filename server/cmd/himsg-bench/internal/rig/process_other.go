//go:build !linux

package rig

import (
	"context"
	"errors"
	"os"
	"syscall"
)

// EndWithParent has no counterpart on this system: a child may outlive a bench that is killed.
func EndWithParent() *syscall.SysProcAttr { return nil }

func as(*syscall.SysProcAttr, account) {}

// Apart has none either; whoever asks for it finds that out by its missing tools.
func Apart(bool, bool) *syscall.SysProcAttr { return nil }

var errOnlyLinux = errors.New("only on Linux")

// Freeze stops a process.
func Freeze(context.Context, *os.Process) error { return errOnlyLinux }

// Thaw lets a frozen process go on.
func Thaw(*os.Process) error { return errOnlyLinux }

func narrow(uintptr) error { return errOnlyLinux }

// AllowOpenFiles leaves the limit as it is.
func AllowOpenFiles(int) error { return nil }
