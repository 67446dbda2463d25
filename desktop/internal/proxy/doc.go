// Package proxy finds out what the system says about proxies: environment variables first, then the desktop's own settings,
// PAC files included. It implements core.Proxies; only main.go imports it.
//
// Linux asks GIO, which the window brings along: it knows GNOME's settings and the portal of a sandbox. PAC files and KDE's
// settings are read here, since GIO knows them only where further packages are installed, and says "direct" where they are
// not; a PAC file runs in JavaScriptCore, which the window brings as well, in a process of its own (judge_linux.go). Windows
// asks WinHTTP. On other systems there are the variables.
//
// A system may take long, to fetch a PAC file from a server that is away. So one question is asked at a time, and who asks
// waits no longer than his context allows.
package proxy
