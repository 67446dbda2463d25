//go:build !linux

package proxy

// RanPAC is for the first line of main. Here the system runs PAC files itself.
func RanPAC() bool { return false }
