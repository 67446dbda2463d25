package policy

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
)

const templates = "../../../packaging/windows/policy"

type admx struct {
	Policies []struct {
		Name         string `xml:"name,attr"`
		Class        string `xml:"class,attr"`
		DisplayName  string `xml:"displayName,attr"`
		ExplainText  string `xml:"explainText,attr"`
		Presentation string `xml:"presentation,attr"`
		Key          string `xml:"key,attr"`
		ValueName    string `xml:"valueName,attr"`
		Parent       struct {
			Ref string `xml:"ref,attr"`
		} `xml:"parentCategory"`
		Supported struct {
			Ref string `xml:"ref,attr"`
		} `xml:"supportedOn"`
		On       *value `xml:"enabledValue>decimal"`
		Off      *value `xml:"disabledValue>decimal"`
		Elements struct {
			Text   []element `xml:"text"`
			Number []element `xml:"decimal"`
		} `xml:"elements"`
	} `xml:"policies>policy"`
	Categories []struct {
		Name string `xml:"name,attr"`
	} `xml:"categories>category"`
	Definitions []struct {
		Name string `xml:"name,attr"`
	} `xml:"supportedOn>definitions>definition"`
}

type value struct {
	N int64 `xml:"value,attr"`
}

type element struct {
	ID        string `xml:"id,attr"`
	ValueName string `xml:"valueName,attr"`
	Max       int64  `xml:"maxLength,attr"`
	Least     int64  `xml:"minValue,attr"`
	Most      int64  `xml:"maxValue,attr"`
}

type adml struct {
	Strings []struct {
		ID   string `xml:"id,attr"`
		Text string `xml:",chardata"`
	} `xml:"resources>stringTable>string"`
	Presentations []struct {
		ID  string `xml:"id,attr"`
		Box []struct {
			Ref string `xml:"refId,attr"`
		} `xml:",any"`
	} `xml:"resources>presentationTable>presentation"`
}

func readXML(t *testing.T, into any, name string) {
	t.Helper()
	f, err := os.Open(filepath.Join(templates, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := xml.NewDecoder(f)
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) && err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// The templates have every setting that the app reads, under its name and with values that it takes, and nothing else.
func TestTemplatesOfGroupPolicyHaveEverySetting(t *testing.T) {
	var a admx
	readXML(t, &a, "himsg.admx")
	var names []string
	texts, boxes := map[string]bool{"$(string.any)": true}, map[string]bool{}
	for _, p := range a.Policies {
		names = append(names, p.Name)
		texts[p.DisplayName], texts[p.ExplainText] = true, true
		if p.Class != "Machine" || `HKLM\`+p.Key != `HKLM\Software\Policies\Hi_Msg` {
			t.Errorf("%s: %s %s is not where the app reads", p.Name, p.Class, p.Key)
		}
		if p.Parent.Ref != a.Categories[0].Name || p.Supported.Ref != a.Definitions[0].Name {
			t.Errorf("%s: category %s, supported on %s", p.Name, p.Parent.Ref, p.Supported.Ref)
		}
		var tried []any
		switch elements := append(p.Elements.Text, p.Elements.Number...); {
		case p.ValueName == p.Name && p.On != nil && p.Off != nil && len(elements) == 0 && p.Presentation == "":
			// A DWORD 1 or 0 stands for these in the registry; where files are read they are words.
			if p.On.N != 1 || p.Off.N != 0 {
				t.Errorf("%s: enabled %d, disabled %d", p.Name, p.On.N, p.Off.N)
			}
			tried = []any{true, false}
		case len(elements) == 1 && elements[0].ValueName == p.Name && p.Presentation == "$(presentation."+p.Name+")":
			boxes[p.Name] = true
			if len(p.Elements.Number) == 1 {
				e := elements[0]
				if e.Least != 1 || e.Most != core.IdleLockMost {
					t.Errorf("%s: %d to %d", p.Name, e.Least, e.Most)
				}
				tried = []any{e.Least, e.Most}
				break
			}
			if e := elements[0]; e.Max <= 0 || e.Max > maxText {
				t.Errorf("%s: up to %d characters", p.Name, e.Max)
			}
			tried = []any{map[string]string{
				"server_url": "https://talk.example.com:5050", "proxy": "system", "hotkey": "ctrl+alt+h", "ring": "pilot", "ca_file": "",
				"update_keys": "ed25519:" + base64.StdEncoding.EncodeToString(make([]byte, 32)),
			}[p.Name]}
		default:
			t.Errorf("%s is neither a switch nor a field", p.Name)
		}
		for _, v := range tried {
			take := keys[p.Name]
			if take == nil {
				break // told below
			}
			if refused := take(&core.Policy{}, v); refused != nil && p.Name != "ca_file" {
				t.Errorf("%s = %v is refused: %v", p.Name, v, refused)
			} else if refused != nil && refused.code == core.FaultWrongType {
				t.Errorf("%s is not a text", p.Name)
			}
		}
	}
	slices.Sort(names)
	if want := slices.Sorted(maps.Keys(keys)); !slices.Equal(names, want) {
		t.Errorf("the templates have %v, the app %v", names, want)
	}
	for _, language := range []string{"ko-KR", "en-US"} {
		t.Run(language, func(t *testing.T) { checkTexts(t, language, texts, boxes) })
	}
}

func checkTexts(t *testing.T, language string, wanted, boxes map[string]bool) {
	var l adml
	readXML(t, &l, language+"/himsg.adml")
	said := map[string]bool{}
	for _, s := range l.Strings {
		id := "$(string." + s.ID + ")"
		if said[id] || strings.TrimSpace(s.Text) == "" {
			t.Errorf("%s is there twice, or empty", s.ID)
		}
		said[id] = true
	}
	for id := range wanted {
		if !said[id] {
			t.Errorf("no text for %s", id)
		}
	}
	for _, p := range l.Presentations {
		if len(p.Box) != 1 || p.Box[0].Ref != p.ID || !boxes[p.ID] {
			t.Errorf("presentation %s: %+v", p.ID, p.Box)
		}
	}
	if len(l.Presentations) != len(boxes) {
		t.Errorf("%d presentations for %d fields", len(l.Presentations), len(boxes))
	}
}

func TestHandbooksAndExampleHaveEverySetting(t *testing.T) {
	for _, path := range []string{"docs/it/policy.md", "docs/it/policy.ko.md", "packaging/linux/policy.toml"} {
		text, err := os.ReadFile(filepath.Join("../../..", path))
		if err != nil {
			t.Fatal(err)
		}
		for name := range keys {
			if !strings.Contains(string(text), name+" = ") {
				t.Errorf("%s does not have %s", path, name)
			}
		}
	}
}
