package ops_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/ops"
)

func TestALoggedValueCanNotForgeALine(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		var b strings.Builder
		ops.Logger(&b, format).Info("signed in", "user", "x\nlevel=ERROR msg=forged\x1b[2J")
		if got := b.String(); strings.Count(got, "\n") != 1 || strings.Contains(got, "\x1b") {
			t.Errorf("%s: %q", format, got)
		}
	}
}

func TestMetricsAreServed(t *testing.T) {
	m := ops.NewMetrics()
	m.Request("GET", "/api/users/{id}", 200, 3*time.Millisecond)
	m.Gauge("answer", "The answer.", func() float64 { return 42 })
	m.Counter("questions_total", "Questions.", func() float64 { return 7 })
	m.Histogram("batch", "Batches.", []float64{1, 10})(5)
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	for _, line := range []string{
		`himsg_http_requests_total{method="GET",route="/api/users/{id}",status="200"} 1`,
		"himsg_answer 42", "himsg_questions_total 7", `himsg_batch_bucket{le="10"} 1`, "go_goroutines",
	} {
		if !strings.Contains(w.Body.String(), line) {
			t.Errorf("no line %q", line)
		}
	}
}

func TestDoctorSaysWhatItFound(t *testing.T) {
	checks := []ops.Check{
		{Name: "disk", Run: func(context.Context) []ops.Finding { return []ops.Finding{ops.OK("%d MiB free", 7)} }},
		{Name: "tls", Run: func(context.Context) []ops.Finding { return []ops.Finding{ops.Warn("soon"), ops.OK("fine")} }},
	}
	var b strings.Builder
	if err := ops.Examine(context.Background(), &b, checks); err != nil {
		t.Errorf("warnings are no errors: %v", err)
	}
	if want := "ok     disk       7 MiB free\nwarn   tls        soon\nok     tls        fine\n"; b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
	checks = append(checks, ops.Check{Name: "x", Run: func(context.Context) []ops.Finding { return []ops.Finding{ops.Bad("broken")} }})
	if err := ops.Examine(context.Background(), &b, checks); !errors.Is(err, ops.ErrUnwell) {
		t.Errorf("got %v", err)
	}
}

func TestTheDiskIsAsked(t *testing.T) {
	dir := t.TempDir()
	took, err := ops.Fsync(dir, time.Now)
	if err != nil || took <= 0 {
		t.Errorf("fsync: %v, %v", took, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := ops.Fsync(dir+"/none", time.Now); err == nil {
		t.Error("no directory, no error")
	}
	free, total, err := ops.FreeDisk(dir)
	if err != nil || free == 0 || free > total {
		t.Errorf("free %d of %d, %v", free, total, err)
	}
}
