//go:build !linux

package rig

import "syscall"

// endWithParent has no counterpart on this system: a child may outlive a bench that is killed.
func endWithParent() *syscall.SysProcAttr { return nil }
