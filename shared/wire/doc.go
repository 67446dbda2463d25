// Package wire holds the words of the Hi_Msg protocol: operations, events, HTTP bodies, error codes and limits.
//
// The server, the client library and the desktop core share these types, so that a name is written once and means the
// same everywhere. The package imports only the standard library and holds nothing but types and their validation.
// Start with Envelope (one WebSocket message), Op and Ev (what it can say) and Message and RoomSummary (what is said).
package wire
