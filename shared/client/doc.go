// Package client talks to a Hi_Msg server: HTTP calls, the live connection, and the repair of what was missed.
//
// The desktop's core, the load generator, the fault checker and bots import it, so that all of them run the very code
// that users run. It has four layers, each usable without the next:
//
//   - HTTP (http.go, account.go): calls that need no sign-in, errors in one form, TLS with an accepted fingerprint
//   - Session (session.go): a signed-in device; renews its tokens by itself
//   - Conn (conn.go): the WebSocket with reconnect, requests and events
//   - Syncer (syncer.go): keeps a Replica equal to the server, whatever was lost on the way
//
// Start with Syncer and Replica: they hold the promise of the delivery contract on the client's side.
package client
