package proxy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// companyPAC is a PAC file as companies write them.
const companyPAC = `
var proxy = "PROXY proxy.corp.local:3128; DIRECT"; // 프록시
function FindProxyForURL(url, host) {
  if (isPlainHostName(host) || dnsDomainIs(host, ".intra.corp.local") || isInNet(host, "10.0.0.0", "255.0.0.0")) return "DIRECT";
  if (shExpMatch(url, "https://secure.*/*")) return "HTTPS secure.corp.local:443";
  return proxy;
}`

func returns(expression string) string {
	return "function FindProxyForURL(url, host) { return " + expression + "; }"
}

// run asks a PAC file of a test's, with some seconds to answer.
func run(t *testing.T, limit time.Duration, script, target string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	return judge(ctx, script, address(t, target))
}

func TestPACFile(t *testing.T) {
	for name, c := range map[string]struct{ script, target, want string }{
		"a proxy":            {companyPAC, "https://talk.corp.local:5050", "PROXY proxy.corp.local:3128; DIRECT"},
		"by domain":          {companyPAC, "https://talk.intra.corp.local", "DIRECT"},
		"by address":         {companyPAC, "https://10.1.2.3:5050", "DIRECT"},
		"by pattern":         {companyPAC, "https://secure.corp.local:5050", "HTTPS secure.corp.local:443"},
		"a plain name":       {companyPAC, "https://talk:5050", "DIRECT"},
		"the way stays ours": {returns("url"), "https://me:secret@talk.corp.local:5050/v1/rooms?q=1", "https://talk.corp.local:5050/"},
		"nothing":            {returns("null"), "https://a.b", ""},
		"names are found":    {returns(`[dnsResolve("localhost"), isResolvable("himsg.invalid"), isInNet("localhost", "127.0.0.0", "255.0.0.0")].join()`), "https://a.b", "127.0.0.1,false,true"},
		"own address":        {returns(`String(convert_addr(myIpAddress()) > 0)`), "https://a.b", "true"},
		"levels": {
			returns(`[dnsDomainLevels(host), localHostOrDomainIs("talk", host), localHostOrDomainIs("mail", host), shExpMatch("a.b", "a?b"), shExpMatch("axb", "a.b")].join()`),
			"https://talk.corp.local", "2,true,false,true,false",
		},
		"times": {
			returns(`[weekdayRange("SUN", "SAT"), weekdayRange("MON", "SUN", "GMT"), timeRange(0, 23), timeRange(0, 0, 0, 23, 59, 59), dateRange(1, 31), dateRange("JAN", "DEC"), dateRange(1999), dateRange(1, "JAN", 2000, 31, "DEC", 2999, "GMT")].join()`),
			"https://a.b", "true,true,true,true,true,true,false,true",
		},
		"times, at half past twelve and 45 seconds": {
			`Date = class { getHours() { return 12 } getMinutes() { return 30 } getSeconds() { return 45 } }; ` +
				returns(`[timeRange(12), timeRange(9, 12), timeRange(9, 11), timeRange(12, 13), timeRange(13, 17), timeRange(22, 12), timeRange(9, 0, 12, 30), timeRange(9, 0, 12, 29), timeRange(9, 0, 0, 12, 30, 44), timeRange(12, 30, 45, 12, 30, 45)].join()`),
			"https://a.b", "true,true,false,true,false,true,true,false,false,true",
		},
		"const": {`const FindProxyForURL = () => "DIRECT"`, "https://a.b", "DIRECT"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := run(t, 20*time.Second, c.script, c.target); err != nil || got != c.want {
				t.Fatalf("%q, %v, want %q", got, err, c.want)
			}
		})
	}
}

// Whoever answers at the PAC file's address may send anything: it costs a process of its own, and a while.
func TestHostilePACFile(t *testing.T) {
	for name, c := range map[string]struct {
		script, want string
		limit        time.Duration
	}{
		"no JavaScript":      {"<html>Please sign in</html>", "line 1: ", 20 * time.Second},
		"empty":              {"", "there is no FindProxyForURL", 20 * time.Second},
		"no function":        {"var FindProxyForURL = 7", "there is no FindProxyForURL", 20 * time.Second},
		"throws":             {returns("nothing.here"), "Can't find variable", 20 * time.Second},
		"a number":           {returns("7"), "returns no text", 20 * time.Second},
		"endless":            {"for (;;);", context.DeadlineExceeded.Error(), 500 * time.Millisecond},
		"endless when asked": {"function FindProxyForURL() { for (;;); }", context.DeadlineExceeded.Error(), 500 * time.Millisecond},
		"calls itself":       {"function FindProxyForURL(a, b) { return FindProxyForURL(a, b) + 1; }", "Maximum call stack", 20 * time.Second},
		"a pattern of death": {returns(`String(/^(a+)+$/.test("` + strings.Repeat("a", 60) + `b"))`), "", 500 * time.Millisecond},
		"eats memory":        {`var all = []; for (;;) all.push(new Array(100000).fill(1.5 + all.length));`, errTooMuch.Error(), 20 * time.Second},
		"eats it by text":    {`var all = []; for (;;) all.push(("x" + all.length).repeat(1e7).toUpperCase());`, errTooMuch.Error(), 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			got, err := run(t, c.limit, c.script, "https://talk.corp.local:5050")
			if c.want == "" {
				if err == nil && got != "false" {
					t.Fatalf("said %q", got)
				}
			} else if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("said %q, %v, want %q", got, err, c.want)
			}
			if took := time.Since(began); took > c.limit+3*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
	long, err := run(t, 20*time.Second, returns(`"PROXY a:1;".repeat(1e6)`), "https://a.b")
	if err != nil || len(long) != maxAnswer+1 {
		t.Errorf("a long answer: %d bytes, %v", len(long), err)
	}
}

func TestPACAnswers(t *testing.T) {
	for said, want := range map[string][]string{
		"DIRECT":                           {"direct://"},
		"":                                 {"direct://"},
		" ; ":                              {"direct://"},
		"PROXY a:1; proxy b:2 ;DIRECT":     {"http://a:1", "http://b:2", "direct://"},
		"HTTPS a; SOCKS5 b:1080; HTTP c:3": {"https://a", "socks5://b:1080", "http://c:3"},
		"PROXY [2001:db8::7]:3128":         {"http://[2001:db8::7]:3128"},
		"QUIC a:1; PROXY b:2":              {"http://b:2"},
		"PROXY me:secret@a:1; PROXY b:2":   {"http://b:2"},
		"PROXY a:1/x; PROXY b:2":           {"http://b:2"},
		"PROXY a:x; DIRECT":                {"direct://"},
		"nonsense":                         nil,
		"PROXY":                            nil,
		"PROXY a:1 b:2":                    nil,
		strings.Repeat("PROXY a:1;", 20):   slices.Repeat([]string{"http://a:1"}, maxWays),
		strings.Repeat("PROXY a:1;", 500):  nil,
	} {
		got, err := waysOf(said)
		if !slices.Equal(got, want) || (err != nil) != (want == nil) {
			t.Errorf("%.40q: %v, %v", said, got, err)
		}
	}
}

func FuzzPACAnswer(f *testing.F) {
	f.Add("PROXY a:1; HTTPS b; SOCKS c:2; DIRECT")
	f.Fuzz(func(t *testing.T, said string) {
		ways, err := waysOf(said)
		if len(ways) > maxWays || (err == nil) != (len(ways) > 0) {
			t.Fatalf("%d ways, %v", len(ways), err)
		}
		if list, err := parseWays(ways); err == nil {
			for _, way := range list {
				if way != nil && (way.Hostname() == "" || way.User != nil) {
					t.Fatalf("%q leads to %s", said, way)
				}
			}
		}
	})
}

func FuzzKDESettings(f *testing.F) {
	f.Add("[Proxy Settings]\nProxyType=1\nhttpProxy=http://a 1\nNoProxyFor=.b,10.0.0.0/8\nReversedException=true\n", "http://x.b")
	f.Fuzz(func(t *testing.T, text, target string) {
		u, err := http.NewRequest(http.MethodGet, target, http.NoBody)
		if err != nil {
			return
		}
		set := map[string]string{}
		parseKDE(text, set)
		if ways := kdeWays(set, u.URL); len(ways) != 1 {
			t.Fatal(ways)
		}
	})
}

func TestFetchingPACFiles(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "proxy.pac")
	if err := os.WriteFile(file, []byte(companyPAC), 0o600); err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	release := make(chan struct{})
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/proxy.pac":
			_, _ = io.WriteString(w, companyPAC)
		case "/latin.pac":
			_, _ = io.WriteString(w, "// caf\xe9\n"+companyPAC)
		case "/large.pac":
			_, _ = io.WriteString(w, strings.Repeat("// for ever\n", 1<<20))
		case "/slow.pac":
			<-release
		case "/moved.pac":
			http.Redirect(w, r, "/proxy.pac", http.StatusFound)
		case "/round.pac":
			http.Redirect(w, r, "/round.pac", http.StatusFound)
		case "/file.pac":
			http.Redirect(w, r, "file://"+file, http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	defer site.Close()
	defer close(release)
	for name, c := range map[string]struct{ address, problem string }{
		"http":            {site.URL + "/proxy.pac?secret=1", ""},
		"moved":           {site.URL + "/moved.pac", ""},
		"Latin-1":         {site.URL + "/latin.pac", ""},
		"a file":          {"file://" + file, ""},
		"a path":          {file, ""},
		"missing":         {site.URL + "/none.pac", "the server answers 404"},
		"10 MB":           {site.URL + "/large.pac", errScriptSize.Error()},
		"slow":            {site.URL + "/slow.pac", context.DeadlineExceeded.Error()},
		"round and round": {site.URL + "/round.pac", "too often"},
		"sent to a file":  {site.URL + "/file.pac", "unsupported protocol scheme"},
		"nobody there":    {"http://127.0.0.1:1/proxy.pac", "connection refused"},
		"a pipe":          {"file://" + pipe, errNoScript.Error()},
		"no file":         {"file:///no/such/file", errNoScript.Error()},
		"another PC's":    {"file://elsewhere/proxy.pac", errScriptAddress.Error()},
		"another kind":    {"ftp://elsewhere/proxy.pac", errScriptAddress.Error()},
		"a relative path": {"proxy.pac", errScriptAddress.Error()},
		"data":            {"data:text/plain,x", errScriptAddress.Error()},
		"too long":        {"http://a/" + strings.Repeat("x", 3000), errScriptAddress.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			text, err := newScripts().get(ctx, c.address)
			if c.problem == "" {
				if err != nil || !strings.Contains(text, "proxy.corp.local") {
					t.Fatalf("%q, %v", text, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.problem) || strings.Contains(err.Error(), site.URL) {
				t.Fatalf("%q, %v, want %q", text, err, c.problem)
			}
		})
	}
}

// A PAC file is fetched once in a while, and one that could not be had is soon tried again.
func TestPACFilesAreKept(t *testing.T) {
	asked, status := 0, http.StatusOK
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(status)
		_, _ = io.WriteString(w, companyPAC)
	}))
	defer site.Close()
	at := time.Unix(0, 0)
	s := newScripts()
	s.now = func() time.Time { return at }
	get := func(want int) {
		t.Helper()
		if _, err := s.get(t.Context(), site.URL); (err != nil) != (status != http.StatusOK) || asked != want {
			t.Fatalf("asked %d times, not %d; %v", asked, want, err)
		}
	}
	get(1)
	at = at.Add(scriptKept - time.Second)
	get(1)
	at, status = at.Add(time.Second), http.StatusServiceUnavailable
	get(2)
	get(2)
	at = at.Add(problemKept)
	get(3)
}

// The whole way: the environment or the desktop names a file, the file a proxy.
func TestPACFileOfTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "proxy.pac")
	if err := os.WriteFile(file, []byte(companyPAC), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		variable, value, script string
		want                    []string
	}{
		"auto_proxy":      {"auto_proxy", "file://" + file, file, []string{"http://proxy.corp.local:3128", "direct"}},
		"as libproxy has": {"https_proxy", "pac+file://" + file, file, []string{"http://proxy.corp.local:3128", "direct"}},
	} {
		t.Run(name, func(t *testing.T) {
			clean(t)
			t.Setenv(c.variable, c.value)
			ways, err := New().Find(t.Context(), address(t, "https://talk.corp.local:5050"))
			if err != nil || ways.Source != "environment" || ways.Script != c.script || !slices.Equal(texts(ways), c.want) {
				t.Fatalf("%v %+v %v", texts(ways), ways, err)
			}
		})
	}
	clean(t)
	t.Setenv("auto_proxy", "file:///no/such/file")
	ways, err := New().Find(t.Context(), address(t, "https://talk.corp.local:5050"))
	if !errors.Is(err, errNoScript) || ways.Script != "/no/such/file" {
		t.Fatalf("%+v %v", ways, err)
	}
}

func TestShownPACFile(t *testing.T) {
	for text, want := range map[string]string{
		"http://me:secret@wpad.corp.local/proxy.pac?key=1#x": "http://wpad.corp.local/proxy.pac",
		"file:///etc/proxy.pac":                              "/etc/proxy.pac",
		"/etc/proxy.pac":                                     "/etc/proxy.pac",
		"http://[":                                           "",
	} {
		if got := shown(text); got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}
