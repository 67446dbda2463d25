package model_test

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

// Every act must have its words on the page, in both languages, and the page must know no others.
func TestEveryActHasItsWordsOnThePage(t *testing.T) {
	source, err := os.ReadFile("audit.go")
	if err != nil {
		t.Fatal(err)
	}
	acts := map[string]bool{}
	for _, m := range regexp.MustCompile(`AuditAction = "([a-z_]+)"`).FindAllSubmatch(source, -1) {
		acts[string(m[1])] = true
	}
	if len(acts) < 50 {
		t.Fatalf("only %d acts were found in audit.go", len(acts))
	}
	for _, language := range []string{"ko", "en"} {
		text, err := os.ReadFile("../../../frontend/src/i18n/" + language + "/audit.json")
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Action map[string]string `json:"action"`
		}
		if err := json.Unmarshal(text, &page); err != nil {
			t.Fatal(err)
		}
		for act := range acts {
			if page.Action[act] == "" {
				t.Errorf("%s has no words in %s", act, language)
			}
		}
		for act := range page.Action {
			if !acts[act] {
				t.Errorf("%s in %s is no act", act, language)
			}
		}
	}
}
