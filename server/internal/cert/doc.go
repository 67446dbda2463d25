// Package cert keeps the server's TLS certificate: it reads it from two files and takes a new one when they change (Keeper), makes a
// certificate with an authority of the company's own (Init, Renew), or gets one from an ACME server (ACME).
//
// app imports it for serving, cmd/himsg-server for the commands. Start with Keeper.
package cert
