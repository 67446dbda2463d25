// Package fanout measures how many times a second a message of a large room reaches somebody: a few people write, each the next
// when all members have the last, beside a bare server that hands the same frames around and stores nothing.
//
// Those who only read are light, on both sides: they look for the number in a frame and nothing else, so that the machine is
// the server's.
package fanout
