package ops

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestAFullLogIsPutAsideAndTheOldestGoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "himsg.log")
	log, err := OpenLogFile(path)
	if err != nil {
		t.Fatal(err)
	}
	log.most = 20
	for n := range 12 {
		if n == 3 { // a server that was started anew goes on with the file
			if err := log.Close(); err != nil {
				t.Fatal(err)
			}
			if log, err = OpenLogFile(path); err != nil {
				t.Fatal(err)
			}
			log.most = 20
		}
		if _, err := fmt.Fprintf(log, "%014d\n", n); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"": 11, ".1": 10, ".2": 9, ".7": 4} {
		text, err := os.ReadFile(path + name)
		if err != nil || string(text) != fmt.Sprintf("%014d\n", want) {
			t.Errorf("log%s: %q, %v, want line %d", name, text, err, want)
		}
	}
	if _, err := os.Stat(path + ".8"); err == nil {
		t.Error("an eighth is kept")
	}
}

func TestLinesOfManyWritersStayWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "himsg.log")
	log, err := OpenLogFile(path)
	if err != nil {
		t.Fatal(err)
	}
	log.most = 4000
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 100 {
				if _, err := log.Write([]byte("a line that is whole\n")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	lines := 0
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines += strings.Count(string(text), "a line that is whole\n")
		if rest := strings.ReplaceAll(string(text), "a line that is whole\n", ""); rest != "" {
			t.Errorf("%s has %q", file, rest)
		}
	}
	if lines != 400 {
		t.Errorf("%d lines", lines)
	}
}

// A file that another program holds in its place grows, and those before stay; a folder that was away for a while does not end
// the log.
func TestALogThatCantBePutAsideGoesOn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	path := filepath.Join(dir, "himsg.log")
	if err := os.MkdirAll(path+".0/held", 0o700); err != nil { // nothing can be renamed to this
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".1", []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := OpenLogFile(path)
	if err != nil {
		t.Fatal(err)
	}
	log.most = 20
	write := func() error {
		_, err := log.Write([]byte("fourteen bytes"))
		return err
	}
	for range 12 {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]int64{"": 12 * 14, ".1": 6} {
		if info, err := os.Stat(path + name); err != nil || info.Size() != want {
			t.Errorf("log%s: %v, %v", name, info, err)
		}
	}
	if err := os.Rename(dir, dir+"-away"); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for range 5 {
		if write() != nil {
			failed++
		}
	}
	if failed == 0 {
		t.Error("without its folder nothing failed")
	}
	if err := os.Rename(dir+"-away", dir); err != nil {
		t.Fatal(err)
	}
	if err := write(); err != nil {
		t.Errorf("the folder is back: %v", err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestALogThatCantBeMade(t *testing.T) {
	if _, err := OpenLogFile(filepath.Join(t.TempDir(), "missing", "himsg.log")); err == nil || !strings.Contains(err.Error(), "open log") {
		t.Errorf("error %v", err)
	}
}
