package rig

import "syscall"

// endWithParent lets a child die with the bench, however the bench ends: nothing of a run stays behind.
func endWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
