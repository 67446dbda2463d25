// Package api is the server's HTTP door: the paths of the original Hi_Msg with their fields, and what is new beside
// them.
//
// app composes it with the services; clients in shared/client speak it. Start with New (the router and what every
// request passes) and routes.go (the table of operations, each with who may call it). An operation is a typed
// function; huma makes of its types the checks of the input and the OpenAPI document. Refusals are *errs.Error;
// errors.go turns them, and all that huma refuses itself, into our one error body.
package api
