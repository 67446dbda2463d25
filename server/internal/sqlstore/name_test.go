package sqlstore

import "testing"

// On Windows a full path begins with a drive or is a share; ToSlash leaves the others as they are here.
func TestNamesOfDatabases(t *testing.T) {
	for path, want := range map[string]string{
		"/var/lib/himsg/himsg.db":     "/var/lib/himsg/himsg.db",
		"C:/Users/김하나/a b.db":         "C:/Users/%EA%B9%80%ED%95%98%EB%82%98/a%20b.db",
		"//server/profiles/hana/a.db": "////server/profiles/hana/a.db",
		"/tmp/100%/what?#.db":         "/tmp/100%25/what%3F%23.db",
	} {
		if got := uriPath(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}
