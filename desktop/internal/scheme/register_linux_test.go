package scheme

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// home is a user's folders, and those of the system.
func home(t *testing.T) (data, config, system string) {
	t.Helper()
	data, config, system = t.TempDir(), t.TempDir(), t.TempDir()
	t.Setenv("XDG_DATA_HOME", data)
	t.Setenv("XDG_CONFIG_HOME", config)
	t.Setenv("XDG_DATA_DIRS", system+":/nowhere")
	return data, config, system
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

func register(t *testing.T, program string) {
	t.Helper()
	if err := Register(program); err != nil {
		t.Fatal(err)
	}
}

func TestRegister(t *testing.T) {
	data, config, _ := home(t)
	entry, apps := filepath.Join(data, "applications", "himsg.desktop"), filepath.Join(config, "mimeapps.list")
	register(t, "/opt/Hi Msg/himsg")
	if text := read(t, entry); !strings.Contains(text, "\nExec=\"/opt/Hi Msg/himsg\" -- %u\nMimeType=x-scheme-handler/himsg;\n") {
		t.Errorf("entry %q", text)
	}
	if text := read(t, apps); text != "[Default Applications]\nx-scheme-handler/himsg=himsg.desktop\n" {
		t.Errorf("list %q", text)
	}
	register(t, "/moved/himsg")
	if text := read(t, entry); !strings.Contains(text, `Exec="/moved/himsg" --`) {
		t.Errorf("entry after a move %q", text)
	}
	if text := read(t, apps); strings.Count(text, "himsg.desktop") != 1 {
		t.Errorf("list after a repeat %q", text)
	}
}

func TestRegisterKeepsWhatOthersSet(t *testing.T) {
	data, config, _ := home(t)
	entry, apps := filepath.Join(data, "applications", "himsg.desktop"), filepath.Join(config, "mimeapps.list")
	const list = "[Default Applications]\ntext/html=browser.desktop\n\n[Added Associations]\nx/y=z.desktop;\n"
	write(t, apps, list)
	register(t, "/opt/himsg")
	want := strings.Replace(list, "]\n", "]\nx-scheme-handler/himsg=himsg.desktop\n", 1)
	if text := read(t, apps); text != want {
		t.Errorf("list %q", text)
	}
	write(t, entry, "[Desktop Entry]\nExec=my-own %u\n")
	write(t, apps, "[Default Applications]\nx-scheme-handler/himsg=other.desktop\n")
	register(t, "/opt/himsg")
	if text := read(t, entry) + read(t, apps); !strings.Contains(text, "my-own") || !strings.Contains(text, "other.desktop") || strings.Contains(text, "/opt") {
		t.Errorf("changed to %q", text)
	}
}

func TestRegisterLeavesAnInstalledAppAlone(t *testing.T) {
	data, _, system := home(t)
	write(t, filepath.Join(system, "applications", "himsg.desktop"), "[Desktop Entry]\n")
	register(t, "/opt/himsg")
	if text := read(t, filepath.Join(data, "applications", "himsg.desktop")); text != "" {
		t.Errorf("wrote %q", text)
	}
}
