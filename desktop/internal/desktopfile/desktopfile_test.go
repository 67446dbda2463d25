package desktopfile

import (
	"os"
	"path/filepath"
	"testing"
)

func TestExec(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"plain":      {[]string{"/usr/bin/himsg", "--hidden"}, `"/usr/bin/himsg" "--hidden"`},
		"blanks":     {[]string{"/opt/Hi Msg/himsg"}, `"/opt/Hi Msg/himsg"`},
		"Hangul":     {[]string{"/home/김/메신저"}, `"/home/김/메신저"`},
		"signs":      {[]string{"/a$b`c\"d"}, "\"/a\\\\$b\\\\`c\\\\\"d\""},
		"percent":    {[]string{"/100%u"}, `"/100%%u"`},
		"back slash": {[]string{`/a\b`}, `"/a\\\\b"`},
	} {
		t.Run(name, func(t *testing.T) {
			got := Exec(c.args...)
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if program := Program(got); program != c.args[0] {
				t.Errorf("starts %q", program)
			}
		})
	}
	for exec, want := range map[string]string{"himsg --hidden": "himsg", "": "", "  himsg": "himsg", `"open`: "open", `env X=1 himsg`: "env"} {
		if got := Program(exec); got != want {
			t.Errorf("%q starts %q", exec, got)
		}
	}
}

func FuzzProgram(f *testing.F) {
	f.Add("/opt/Hi Msg/himsg")
	f.Add("a\\$`\"%\n")
	f.Fuzz(func(t *testing.T, program string) {
		if got := Program(Exec(program, "--hidden")); got != program {
			t.Errorf("%q became %q", program, got)
		}
	})
}

func TestReadAndWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "x.desktop")
	if err := Write(path, "[Other]\nHidden=true\n[Desktop Entry]\n# Exec=no\n Exec = a=b \nName[ko]=ㄱ\nHidden=false\n"); err != nil {
		t.Fatal(err)
	}
	entry, err := Read(path)
	if err != nil || entry["Exec"] != "a=b" || entry.True("Hidden", true) || !entry.True("Absent", true) {
		t.Errorf("read %v, %v", entry, err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(path, "x"); err != nil {
		t.Fatal(err)
	}
	changed, err := os.Stat(path)
	if err != nil || os.SameFile(before, changed) {
		t.Error("not written anew", err)
	}
	if err := Write(path, "x"); err != nil {
		t.Fatal(err)
	}
	if same, err := os.Stat(path); err != nil || !os.SameFile(same, changed) {
		t.Error("written again though it is the same", err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}
