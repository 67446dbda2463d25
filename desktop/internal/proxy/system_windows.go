package proxy

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	winHTTP           = windows.NewLazySystemDLL("winhttp.dll")
	openSession       = winHTTP.NewProc("WinHttpOpen")
	closeHandle       = winHTTP.NewProc("WinHttpCloseHandle")
	getUsersConfig    = winHTTP.NewProc("WinHttpGetIEProxyConfigForCurrentUser")
	getProxyForURL    = winHTTP.NewProc("WinHttpGetProxyForUrl")
	globalFree        = windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalFree")
	errNoAutoProxy    = windows.Errno(12180) // ERROR_WINHTTP_AUTODETECTION_FAILED: no PAC file is announced here
	errNoDefaultProxy = windows.ERROR_FILE_NOT_FOUND
)

// From winhttp.h.
const (
	accessNoProxy         = 1
	accessNamedProxy      = 3
	autoProxyDetect       = 1
	autoProxyConfigURL    = 2
	detectByDHCP          = 1
	detectByDNS           = 2
	autoLogonIfChallenged = 1
)

// usersConfig is WINHTTP_CURRENT_USER_IE_PROXY_CONFIG.
type usersConfig struct {
	autoDetect    int32
	autoConfigURL *uint16
	proxy         *uint16
	bypass        *uint16
}

// autoProxyOptions is WINHTTP_AUTOPROXY_OPTIONS.
type autoProxyOptions struct {
	flags         uint32
	detectFlags   uint32
	autoConfigURL *uint16
	reserved      uintptr
	reserved2     uint32
	autoLogon     int32
}

// proxyInfo is WINHTTP_PROXY_INFO.
type proxyInfo struct {
	access uint32
	proxy  *uint16
	bypass *uint16
}

type desktop struct{}

func newDesktop() asker { return desktop{} }

// environment: on Windows nobody names PAC files there.
func (desktop) environment(*url.URL) string { return "" }

func (desktop) run(context.Context, string, *url.URL) (told, error) { return told{}, errForeign }

// ask returns what the user's Windows says, which a policy may have set: by detection, by a PAC file, by hand.
func (desktop) ask(_ context.Context, target *url.URL) (told, error) {
	var config usersConfig
	ok, _, err := getUsersConfig.Call(uintptr(unsafe.Pointer(&config))) //nolint:gosec // G103: as WinHTTP wants it
	if ok == 0 {
		if errors.Is(err, errNoDefaultProxy) {
			return told{ways: []string{direct}}, nil
		}
		return told{}, fmt.Errorf("read the settings: %w", err)
	}
	defer free(config.autoConfigURL, config.proxy, config.bypass)
	if config.autoDetect != 0 || config.autoConfigURL != nil {
		said := told{script: shown(windows.UTF16PtrToString(config.autoConfigURL))}
		said.ways, err = automatic(target, config)
		if err == nil {
			return said, nil
		}
		if !errors.Is(err, errNoAutoProxy) || config.autoConfigURL != nil && config.proxy == nil {
			return said, err
		}
	}
	return told{ways: named(target, windows.UTF16PtrToString(config.proxy), windows.UTF16PtrToString(config.bypass))}, nil
}

// automatic asks the PAC file. Windows reads it in a process of its own, and keeps it.
func automatic(target *url.URL, config usersConfig) ([]string, error) {
	session, _, err := openSession.Call(0, accessNoProxy, 0, 0, 0)
	if session == 0 {
		return nil, fmt.Errorf("open WinHTTP: %w", err)
	}
	defer func() { _, _, _ = closeHandle.Call(session) }()
	address, err := windows.UTF16PtrFromString(target.String())
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	options := autoProxyOptions{autoConfigURL: config.autoConfigURL, autoLogon: autoLogonIfChallenged}
	if config.autoConfigURL != nil {
		options.flags |= autoProxyConfigURL
	}
	if config.autoDetect != 0 {
		options.flags |= autoProxyDetect
		options.detectFlags = detectByDHCP | detectByDNS
	}
	var info proxyInfo
	ok, _, err := getProxyForURL.Call(
		session, uintptr(unsafe.Pointer(address)), uintptr(unsafe.Pointer(&options)), uintptr(unsafe.Pointer(&info))) //nolint:gosec // G103: as above
	if ok == 0 {
		return nil, fmt.Errorf("ask the PAC file: %w", err)
	}
	defer free(info.proxy, info.bypass)
	if info.access != accessNamedProxy {
		return []string{direct}, nil
	}
	return named(target, windows.UTF16PtrToString(info.proxy), windows.UTF16PtrToString(info.bypass)), nil
}

func free(texts ...*uint16) {
	for _, text := range texts {
		if text != nil {
			_, _, _ = globalFree.Call(uintptr(unsafe.Pointer(text))) //nolint:gosec // G103: it was allocated by WinHTTP
		}
	}
}
