package app_test

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// What alerts and the board ask for are figures that the server has.
func TestAlertsAndBoardAskForFiguresThatAreThere(t *testing.T) {
	c := settings(t, "")
	s := start(t, c)
	s.must(200, request{method: "GET", path: "/api/server"}) // labelled figures are there after the first request
	there := string(s.must(200, request{method: "GET", path: "/metrics"}).body)

	c.TLSCert, c.TLSKey = certificate(t)
	c.Data = filepath.Join(t.TempDir(), "data")
	blind := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	answer, err := blind.Get("https://" + start(t, c).Addr() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	more, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	there += string(more)

	several := startNodes(t, 1).nodes[0]
	there += string(several.must(200, request{method: "GET", path: "/metrics"}).body)

	var asked []string
	var alerts struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For string
				Labels           struct{ Severity string }
				Annotations      struct{ Summary, Description string }
			}
		}
	}
	read(t, "himsg-alerts.yml", func(text []byte) error { return yaml.Unmarshal(text, &alerts) })
	seen := map[string]bool{}
	for _, r := range alerts.Groups[0].Rules {
		if r.Alert == "" || seen[r.Alert] || r.For == "" || r.Labels.Severity == "" || r.Annotations.Summary == "" || r.Annotations.Description == "" {
			t.Errorf("%+v is not whole, or there twice", r)
		}
		seen[r.Alert] = true
		asked = append(asked, r.Expr)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	read(t, "himsg-board.json", func(text []byte) error { return json.Unmarshal(text, &board) })
	for _, p := range board.Panels {
		asked = append(asked, p.Targets[0].Expr)
	}
	if len(alerts.Groups[0].Rules) < 10 || len(board.Panels) < 10 {
		t.Fatalf("%d alerts, %d panels", len(alerts.Groups[0].Rules), len(board.Panels))
	}
	name := regexp.MustCompile(`\b(himsg|process|go)_[a-z0-9_]+`)
	for _, expr := range asked {
		if strings.Count(expr, "(") != strings.Count(expr, ")") {
			t.Errorf("%s: a bracket is missing", expr)
		}
		for _, figure := range name.FindAllString(expr, -1) {
			if !regexp.MustCompile(`(?m)^` + figure + `[ {]`).MatchString(there) {
				t.Errorf("%s: the server has no %s", expr, figure)
			}
		}
	}
}

func read(t *testing.T, name string, parse func([]byte) error) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../../docs/it/monitoring", name))
	if err == nil {
		err = parse(text)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
