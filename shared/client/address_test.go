package client_test

import (
	"errors"
	"strings"
	"testing"

	"himsg/shared/client"
)

func TestParseAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"talk.corp.local":          "https://talk.corp.local:5050",
		" Talk.Corp.Local ":        "https://talk.corp.local:5050",
		"talk.corp.local:8443":     "https://talk.corp.local:8443",
		"10.0.0.7":                 "https://10.0.0.7:5050",
		"localhost":                "http://localhost:5050",
		"127.0.0.1:6000":           "http://127.0.0.1:6000",
		"[::1]":                    "http://[::1]:5050",
		"::1":                      "http://[::1]:5050",
		"2001:db8::1":              "https://[2001:db8::1]:5050",
		"https://talk.corp.local":  "https://talk.corp.local",
		"HTTPS://talk.corp.local/": "https://talk.corp.local",
		"http://talk.corp.local":   "http://talk.corp.local",
		"http://10.0.0.7:5050":     "http://10.0.0.7:5050",
		"https://[2001:db8::1]":    "https://[2001:db8::1]",
		"메신저.한국":                   "https://메신저.한국:5050",
	} {
		got, err := client.ParseAddress(typed)
		if err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, want)
		}
		if again, err := client.ParseAddress(got); err != nil || again != got {
			t.Errorf("%q is not a fixed point: %q, %v", got, again, err)
		}
	}
	for _, typed := range []string{
		"", " ", "http://", "ftp://talk", "talk corp", "talk:0", "talk:99999", "talk:port", "https://talk/path", "talk/path",
		"https://user:pass@talk", "talk?x=1", "talk#x", "javascript:alert(1)", "file:///etc/passwd", "https://ta<lk",
		"\x00", "http://[::1", strings.Repeat("a", 300),
	} {
		if got, err := client.ParseAddress(typed); !errors.Is(err, client.ErrAddress) {
			t.Errorf("%q: %q, %v; want ErrAddress", typed, got, err)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"talk.corp.local", "http://[::1]:5050/", "https://user@host", "메신저", "//", "a:b:c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := client.ParseAddress(typed)
		if err != nil {
			if !errors.Is(err, client.ErrAddress) {
				t.Fatalf("%q: %v", typed, err)
			}
			return
		}
		if again, err := client.ParseAddress(got); err != nil || again != got {
			t.Fatalf("%q gave %q, and that %q, %v", typed, got, again, err)
		}
	})
}
