// Package proxy finds out what the system says about proxies: environment variables first, then the desktop's own settings,
// PAC files included. It implements core.Proxies; only main.go imports it.
//
// Linux asks GIO, which the window brings along: it knows GNOME's and KDE's settings, the portal of a sandbox, and PAC files
// where glib-networking and libproxy can read them. Windows asks WinHTTP. On other systems there are the variables.
//
// A system may take long, to fetch a PAC file from a server that is away. So one question is asked at a time, and who asks
// waits no longer than his context allows.
package proxy
