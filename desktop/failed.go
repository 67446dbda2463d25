//go:build !bindings

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"himsg/desktop/internal/core"
	"himsg/desktop/internal/shell"
)

// unstarted is why the app can't start with a profile. Nobody sees its terminal, so it is told in a dialog.
type unstarted struct {
	profile string
	err     error
}

func (u *unstarted) Error() string { return u.err.Error() }
func (u *unstarted) Unwrap() error { return u.err }

// tell shows why the app could not start.
func tell(err error) {
	var u *unstarted
	if !errors.As(err, &u) {
		return
	}
	if err := shell.Tell(u.text(shell.SystemLanguage())); err != nil {
		fmt.Fprintln(os.Stderr, "himsg:", err)
	}
}

// startWords are what an unstarted app says: that it is one, why, and what to do. Nothing of it needs a page.
var startWords = map[string]struct{ head, full, denied, hangs, other, detail string }{
	"ko": {
		head:   "Hi_Msg를 시작할 수 없습니다.",
		full:   "디스크가 가득 찼습니다. 필요 없는 파일을 지운 뒤 다시 시작해 주세요.",
		denied: "설정과 대화를 두는 폴더에 쓸 수 없습니다. 폴더의 권한과 디스크 상태를 IT 담당자에게 확인해 달라고 요청해 주세요.",
		hangs:  "이미 실행 중인 Hi_Msg가 응답하지 않습니다. 그 프로그램을 끝내거나 PC를 다시 시작한 뒤 열어 주세요.",
		other:  "설정과 대화를 두는 폴더를 열 수 없습니다. IT 담당자에게 문의해 주세요.",
		detail: "폴더: %s\n오류: %v",
	},
	"en": {
		head:   "Hi_Msg can't start.",
		full:   "The disk is full. Delete files that you don't need, and start again.",
		denied: "The folder of settings and conversations can't be written. Ask IT to look at its permissions and at the disk.",
		hangs:  "Hi_Msg runs already and does not answer. End that program, or restart the PC, and open it again.",
		other:  "The folder of settings and conversations can't be opened. Ask IT.",
		detail: "Folder: %s\nError: %v",
	},
}

// text is what the dialog says.
func (u *unstarted) text(language string) string {
	words := startWords[language]
	why := words.other
	switch {
	case core.DiskFull(u.err):
		why = words.full
	case errors.Is(u.err, fs.ErrPermission), errors.Is(u.err, syscall.EROFS), errors.Is(u.err, syscall.ENOTDIR):
		why = words.denied
	case errors.Is(u.err, context.DeadlineExceeded):
		why = words.hangs
	}
	return words.head + "\n\n" + why + "\n\n" + fmt.Sprintf(words.detail, u.profile, u.err)
}
