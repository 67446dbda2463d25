// Package ops is what the people who run the server need: logging, metrics, health, the checks of doctor, the version.
//
// app and cmd/himsg-server import it. Start with Logger, Metrics and Doctor.
package ops
