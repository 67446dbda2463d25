package shell

import (
	"os"
	"strings"
)

// webViewOptions are JavaScriptCore's, which WebKitGTK takes from the environment only. A messenger's page computes little:
// without the optimising compiler and its threads a start costs less, and in the mode for small heaps garbage goes sooner.
// docs/adr/0022 has the figures. What a version does not know it ignores.
var webViewOptions = []string{"JSC_forceMiniVMMode=1", "JSC_useDFGJIT=0", "JSC_useConcurrentJIT=0"}

// tuneWebView tells the web view's process, which inherits it. undo is to be called when that process is there, so that no
// program that the app opens gets it; calling it again does nothing. Options that somebody else has set stay.
func tuneWebView() (undo func()) {
	var set []string
	for _, option := range webViewOptions {
		name, value, _ := strings.Cut(option, "=")
		if _, taken := os.LookupEnv(name); !taken && os.Setenv(name, value) == nil {
			set = append(set, name)
		}
	}
	return func() {
		for _, name := range set {
			_ = os.Unsetenv(name) // it can't fail for a name that was set
		}
		set = nil
	}
}
