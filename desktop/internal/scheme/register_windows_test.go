package scheme

import (
	"testing"

	"golang.org/x/sys/windows/registry"
)

func said(t *testing.T, path, name string) string {
	t.Helper()
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	text, _, err := key.GetStringValue(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What a link says comes to the app as one argument that is no flag.
func TestRegisterLinks(t *testing.T) {
	for program, want := range map[string]string{
		`C:\Users\hana\AppData\Local\Programs\Hi_Msg\himsg.exe`: `C:\Users\hana\AppData\Local\Programs\Hi_Msg\himsg.exe -- "%1"`,
		`C:\Program Files\Hi_Msg\himsg.exe`:                     `"C:\Program Files\Hi_Msg\himsg.exe" -- "%1"`,
	} {
		for range 2 { // a repeat mends
			if err := Register(program); err != nil {
				t.Fatal(err)
			}
		}
		if command := said(t, classKey+`\shell\open\command`, ""); command != want {
			t.Errorf("command %s, want %s", command, want)
		}
	}
	if said(t, classKey, "") != "URL:Hi_Msg" || said(t, classKey, "URL Protocol") != "" {
		t.Error("it is no protocol")
	}
}
