//go:build !windows

package main

// asService is for Windows: elsewhere a service is a process like any other.
func asService([]string) (code int, is bool) { return 0, false }
