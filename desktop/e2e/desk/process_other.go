//go:build !linux

package desk

import "syscall"

func dieWithTest() *syscall.SysProcAttr { return nil }
