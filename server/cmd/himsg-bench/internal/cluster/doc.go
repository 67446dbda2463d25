// Package cluster runs a whole company of several machines on one: three servers, each with a member of a Galera cluster to begin with,
// three NATS servers with TLS and passwords, a server that speaks S3, and HAProxy in front. People look at it and kill what they like; with
// --once it does so by itself and lets the judge say whether the delivery contract held.
//
// himsg-bench imports it. Start with Run; parts.go starts things, watch.go keeps them up, conversation.go is --once.
package cluster
