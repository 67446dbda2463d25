package shell

import (
	"os"
	"strings"
	"testing"
)

func TestWebViewOptionsAreForTheWebViewOnly(t *testing.T) {
	const own = "JSC_useDFGJIT"
	for _, option := range webViewOptions {
		name, _, _ := strings.Cut(option, "=")
		t.Setenv(name, "") // puts back what was there
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(own, "1")
	undo := tuneWebView()
	if got := os.Getenv("JSC_forceMiniVMMode"); got != "1" {
		t.Errorf("the web view gets %q", got)
	}
	undo()
	undo()
	if _, left := os.LookupEnv("JSC_forceMiniVMMode"); left {
		t.Error("a program that the app opens would get it, too")
	}
	if got := os.Getenv(own); got != "1" {
		t.Errorf("somebody's own option became %q", got)
	}
}
