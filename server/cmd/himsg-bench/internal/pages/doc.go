// Package pages measures what people read: the newest page of a room of 100,000 messages, beside a bare select of the same rows,
// and the list of somebody who is in 500 rooms, whole and with nothing new.
package pages
