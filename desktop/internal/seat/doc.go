// Package seat tells whether somebody sits at the PC: how long nobody has touched it, when the session is locked, when the
// machine wakes up and when its network changes. It implements core.Seat; main.go imports it.
//
// Start with the file of a system. What a system does not tell is logged once, and the app does without.
package seat
