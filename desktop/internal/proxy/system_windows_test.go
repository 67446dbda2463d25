package proxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"golang.org/x/sys/windows"
)

func TestNothingSetInWindows(t *testing.T) {
	said, err := newDesktop().ask(t.Context(), address(t, "https://talk.corp.local:5050"))
	if err != nil || !slices.Equal(said.ways, []string{direct}) || said.script != "" {
		t.Fatalf("%+v, %v", said, err)
	}
}

// Windows fetches and runs the PAC file itself.
func TestPACFileOfWindows(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/proxy.pac" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/x-ns-proxy-autoconfig")
		_, _ = io.WriteString(w, `function FindProxyForURL(url, host) {
			return dnsDomainIs(host, ".intra.corp.local") ? "DIRECT" : "PROXY proxy.corp.local:3128";
		}`)
	}))
	defer site.Close()
	script, err := windows.UTF16PtrFromString(site.URL + "/proxy.pac")
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{
		"http://talk.corp.local:5050":       "http://proxy.corp.local:3128",
		"http://talk.intra.corp.local:5050": direct,
	} {
		ways, err := automatic(address(t, target), usersConfig{autoConfigURL: script})
		if err != nil || !slices.Equal(ways, []string{want}) {
			t.Errorf("%s: %v, %v", target, ways, err)
		}
	}
	missing, err := windows.UTF16PtrFromString(site.URL + "/none.pac")
	if err != nil {
		t.Fatal(err)
	}
	if ways, err := automatic(address(t, "http://talk.corp.local:5050"), usersConfig{autoConfigURL: missing}); err == nil {
		t.Errorf("a PAC file that is not there says %v", ways)
	}
}
