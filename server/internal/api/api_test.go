package api_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"himsg/server/internal/api"
	"himsg/server/internal/ops"
	"himsg/shared/wire"
)

// bare is the door without services behind it, for what happens before one is asked.
func bare(log *strings.Builder, ready func(context.Context) error) *api.API {
	return api.New(api.Options{
		WebSocket: http.NotFoundHandler(), Metrics: ops.NewMetrics(), Ready: ready, Now: time.Now,
		Logger: slog.New(slog.NewTextHandler(log, nil)), Version: "1",
	})
}

func TestAPanicAnswers500WithARequestIDAndNoStack(t *testing.T) {
	var log strings.Builder
	h := bare(&log, func(context.Context) error { panic("geheim: /srv/himsg") })
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", http.NoBody))
	var e wire.HTTPError
	if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	if w.Code != 500 || e.Code != wire.Internal || e.RequestID == "" {
		t.Errorf("%d %+v", w.Code, e)
	}
	for _, leak := range []string{"geheim", "goroutine", ".go:"} {
		if strings.Contains(w.Body.String(), leak) {
			t.Errorf("the answer shows %q: %s", leak, w.Body)
		}
	}
	if got := log.String(); !strings.Contains(got, e.RequestID) || !strings.Contains(got, "geheim") {
		t.Errorf("the log does not help: %s", got)
	}
}

func TestTheDocumentSaysWhoMayCallAndHowItFails(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string                `json:"operationId"`
			Security    []map[string][]string `json:"security"`
			Parameters  []struct {
				Name string `json:"name"`
				In   string `json:"in"`
			} `json:"parameters"`
			Responses map[string]struct {
				Content map[string]struct{ Schema map[string]any }
			} `json:"responses"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(bare(&strings.Builder{}, nil).Document(), &doc); err != nil {
		t.Fatal(err)
	}
	open := map[string]bool{
		"/api/server": true, "/api/update": true, "/api/departments": true, "/api/register": true, "/api/register/status": true,
		"/api/login": true, "/api/token/refresh": true, "/api/sign-in/begin": true, "/api/sign-in/finish": true,
		"/api/password-reset/request": true, "/api/password-reset/status": true, "/api/password-reset/reset": true,
		"/api/hooks/{secret}": true, "/api/hooks/{secret}/slack": true, // the path is the secret
	}
	seen := map[string]bool{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if (len(op.Security) == 0) != open[path] {
				t.Errorf("%s %s: security %v", method, path, op.Security)
			}
			if seen[op.OperationID] || op.OperationID == "" {
				t.Errorf("%s %s: operation id %q twice or missing", method, path, op.OperationID)
			}
			seen[op.OperationID] = true
			for _, p := range op.Parameters {
				if p.In == "path" {
					path = strings.ReplaceAll(path, "{"+p.Name+"}", "")
				}
			}
			if strings.Contains(path, "{") {
				t.Errorf("%s %s: a parameter of the path is not described", method, path)
			}
			schema := op.Responses["default"].Content["application/json"].Schema
			if ref, _ := schema["$ref"].(string); !strings.HasSuffix(ref, "/HTTPError") {
				t.Errorf("%s %s: errors are %v", method, path, op.Responses["default"])
			}
		}
	}
	if got := doc.Components.Schemas["HTTPError"].Properties; got["code"] == nil || got["request_id"] == nil {
		t.Errorf("the error has the properties %v", got)
	}
	for _, name := range []string{"Time", "RawMessage"} {
		if _, there := doc.Components.Schemas[name]; there {
			t.Errorf("%s should be a plain text in the document", name)
		}
	}
}

func TestDoorsCanBeBuiltAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { bare(&strings.Builder{}, nil) })
	}
	all.Wait()
}
