// Package instance lets one app run per profile: the first start takes the profile's lock and listens, a second one hands
// over what it was started with and ends. main.go imports it; nothing is visible before the lock is taken.
//
// Start with instance.go. The lock and what else differs between systems is in the files per system.
package instance
