// Package target posts to the addresses of outgoing hooks: hook.Target. It trusts neither the address nor what answers there: it
// connects to no loopback or link-local address, follows no redirect, and reads little of an answer, for a short time.
package target
