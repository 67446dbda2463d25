package desk

import "syscall"

// dieWithTest makes the system end a program when the test's process dies, however it dies.
func dieWithTest() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
