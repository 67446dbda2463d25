//go:build !bindings

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"himsg/desktop/internal/core"
)

func TestUnstartedSaysWhyAndWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"full":         {fmt.Errorf("open log: %w", syscall.ENOSPC), "디스크가 가득"},
		"read-only":    {&os.PathError{Op: "mkdir", Path: "x", Err: syscall.EROFS}, "쓸 수 없습니다"},
		"no rights":    {&os.PathError{Op: "mkdir", Path: "x", Err: syscall.EACCES}, "쓸 수 없습니다"},
		"hangs":        {fmt.Errorf("hand over: %w", context.DeadlineExceeded), "응답하지 않습니다"},
		"anything":     {errors.New("odd"), "열 수 없습니다"},
		"in its place": {os.MkdirAll(filepath.Join(aFile(t), "profile"), 0o700), "쓸 수 없습니다"},
	} {
		t.Run(name, func(t *testing.T) {
			u := &unstarted{profile: "/home/x/Hi_Msg", err: c.err}
			text := u.text("ko")
			for _, want := range []string{"시작할 수 없습니다", c.says, "/home/x/Hi_Msg", c.err.Error()} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not in %q", want, text)
				}
			}
			if english := u.text("en"); strings.Contains(english, "습니다") || !strings.Contains(english, "can't start") {
				t.Errorf("in English: %q", english)
			}
		})
	}
}

func aFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := core.ReplaceFile(path, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

// What keeps the app from starting is told, not only logged: the log may be what can't be written.
func TestProfileThatCantBeMade(t *testing.T) {
	err := run([]string{"--profile", filepath.Join(aFile(t), "profile")})
	var u *unstarted
	if !errors.As(err, &u) {
		t.Fatalf("ended with %v", err)
	}
}
