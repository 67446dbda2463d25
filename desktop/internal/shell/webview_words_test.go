package shell

import (
	"reflect"
	"strings"
	"testing"
)

func TestWebViewWordsAreInBothLanguages(t *testing.T) {
	ko, en := webViewWords("ko"), webViewWords("en")
	for name, words := range map[string][2]string{
		"missing": {ko.ContactAdmin, en.ContactAdmin}, "crashed": {ko.WebView2ProcessCrash, en.WebView2ProcessCrash},
		"set by IT": {ko.InvalidFixedWebview2, en.InvalidFixedWebview2},
	} {
		if !strings.ContainsAny(words[0], "가나다라마바사아자차카타파하습니요") || strings.ContainsAny(words[1], "습니요") {
			t.Errorf("%s: %q", name, words)
		}
		if !strings.Contains(words[0], appName) || !strings.Contains(words[1], appName) {
			t.Errorf("%s does not say which program: %q", name, words)
		}
	}
	if reflect.DeepEqual(ko, en) || ko.Error != appName {
		t.Errorf("title %q", ko.Error)
	}
}
