// Package auth knows who someone is: passwords, sign-up, sign-in, sessions and their tokens.
//
// api and ws ask it (Authenticate) before anything else; sqlstore implements its ports; app composes it. Start with
// Service, then tokens.go (what a device holds), live.go (how a revoked session stops at once), guess.go (what slows
// guessing down) and hasher.go (how passwords are kept).
package auth
