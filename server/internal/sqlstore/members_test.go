package sqlstore

import (
	"strings"
	"testing"
)

// TestAddressesOfClusters reads one host and several, in all forms that one may have.
func TestAddressesOfClusters(t *testing.T) {
	for url, want := range map[string]string{
		"mysql://u:p@tcp(db:3306)/x":                      "tcp db:3306",
		"mysql://u:p@tcp(a:3306,b:3307,c)/x":              "tcp a:3306 b:3307 c:3306",
		"mysql://u:p@a:3306, b:3306/x":                    "tcp a:3306 b:3306",
		"mysql://u:p,q@r(s)/t@tcp([::1]:3306,[::2]:1)/x":  "tcp [::1]:3306 [::2]:1",
		"mysql://root@unix(/run/a.sock,/run/b.sock)/x":    "unix /run/a.sock /run/b.sock",
		"mysql://root@unix(/run/a.sock)/x?parseTime=true": "unix /run/a.sock",
		"mysql://db/x": "tcp db:3306",
	} {
		configs, err := mysqlConfigs(url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		got := configs[0].Net
		for _, cfg := range configs {
			got += " " + cfg.Addr
			if cfg.DBName != "x" || strings.Contains(url, "p,q") && cfg.Passwd != "p,q@r(s)/t" {
				t.Errorf("%s: %+v", url, cfg)
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
	for _, url := range []string{"mysql://u:geheim@tcp(a,b/x", "mysql://u:geheim@tcp(a,b)", "a,b", "mysql://", "mysql://u:geheim@tcp(,)/"} {
		if _, err := mysqlConfigs(url); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
