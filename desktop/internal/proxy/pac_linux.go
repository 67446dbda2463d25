package proxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"
)

// Bounds of PAC files.
const (
	maxScript     = 1 << 20 // bytes; browsers take as many
	maxRedirects  = 3
	scriptKept    = 5 * time.Minute // then it is fetched again
	problemKept   = 10 * time.Second
	maxScriptName = 2048 // bytes of its address
)

var (
	errScriptAddress = errors.New("its address is neither http, https nor a file of this PC")
	errScriptSize    = fmt.Errorf("it has more than %d bytes", maxScript)
	errNoScript      = errors.New("there is no such file")
	errNoWays        = errors.New("its answer names no proxy")
)

// scripts fetches PAC files and keeps the last one for a while.
type scripts struct {
	now   func() time.Time
	fetch *http.Client

	mu      sync.Mutex // held while one is fetched: the desktop is asked once at a time anyway
	address string
	text    string
	problem error
	until   time.Time
}

func newScripts() *scripts {
	return &scripts{now: now, fetch: &http.Client{
		// Never by a proxy: that is what is being looked for.
		Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("it was sent on too often")
			}
			return nil
		},
	}}
}

// ways asks the PAC file at an address how a target is reached.
func (s *scripts) ways(ctx context.Context, address string, target *url.URL) ([]string, error) {
	text, err := s.get(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("fetch the PAC file: %w", err)
	}
	said, err := judge(ctx, text, target)
	if err != nil {
		return nil, fmt.Errorf("run the PAC file: %w", err)
	}
	return waysOf(said)
}

func (s *scripts) get(ctx context.Context, address string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.address == address && s.now().Before(s.until) {
		return s.text, s.problem
	}
	raw, err := s.read(ctx, address)
	kept := scriptKept
	if err != nil {
		kept = problemKept
	}
	s.address, s.text, s.problem, s.until = address, utf8Of(raw), err, s.now().Add(kept)
	return s.text, s.problem
}

func (s *scripts) read(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxScriptName {
		return nil, errScriptAddress
	}
	switch {
	case (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "":
		return s.download(ctx, u)
	case (u.Scheme == "file" && (u.Host == "" || u.Host == "localhost") || u.Scheme == "") && strings.HasPrefix(u.Path, "/"):
		return readScript(u.Path)
	}
	return nil, errScriptAddress
}

func (s *scripts) download(ctx context.Context, u *url.URL) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, errScriptAddress
	}
	resp, err := s.fetch.Do(req)
	if err != nil {
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err // without the address, which may hold a password
		}
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answers %d", resp.StatusCode)
	}
	return bounded(resp.Body)
}

// readScript reads a file of this PC; a pipe, on which somebody might wait for ever, is none.
func readScript(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // G304: the user's own settings name it
	if err != nil {
		return nil, errNoScript
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errNoScript
	}
	return bounded(f)
}

func bounded(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxScript+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxScript {
		return nil, errScriptSize
	}
	return raw, nil
}

// utf8Of is a PAC file's text: what is not UTF-8 is taken for Latin-1, as browsers do.
func utf8Of(raw []byte) string {
	if utf8.Valid(raw) {
		return strings.TrimPrefix(string(raw), "\ufeff")
	}
	runes := make([]rune, len(raw))
	for i, b := range raw {
		runes[i] = rune(b)
	}
	return string(runes)
}

// kinds are what PAC files call a proxy.
var kinds = map[string]string{
	"PROXY": "http", "HTTP": "http", "HTTPS": "https", "SOCKS": "socks", "SOCKS4": "socks4", "SOCKS5": "socks5",
}

// waysOf reads "PROXY proxy:3128; HTTPS secure; DIRECT" as a desktop would answer; nothing at all means the direct way.
func waysOf(said string) ([]string, error) {
	if len(said) > maxAnswer {
		return nil, errNoWays
	}
	if strings.Trim(said, "; \t\r\n") == "" {
		return []string{direct}, nil
	}
	var ways []string
	for entry := range strings.SplitSeq(said, ";") {
		words := strings.Fields(entry)
		switch {
		case len(words) == 1 && strings.EqualFold(words[0], "DIRECT"):
			ways = append(ways, direct)
		case len(words) == 2 && kinds[strings.ToUpper(words[0])] != "":
			way := kinds[strings.ToUpper(words[0])] + "://" + words[1]
			if u, err := url.Parse(way); err == nil && u.Host == words[1] && u.Hostname() != "" {
				ways = append(ways, way)
			}
		}
		if len(ways) == maxWays {
			break
		}
	}
	if len(ways) == 0 {
		return nil, errNoWays
	}
	return ways, nil
}
