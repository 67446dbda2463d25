// Package simulate reckons what one machine can't show: how soon everybody is back after the servers of a large company were killed. It
// plays the apps' own pauses against servers of so much computing. What a client costs is measured (the fault everyone-back); its
// tests hold it beside measured points. Start at Return.
package simulate
