package proxy

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A PAC file is a program of whoever answers at its address. It runs in a process of its own, which has nothing of the
// user's and is killed at the deadline.

// judgeArg starts the app as the process that runs a PAC file.
const judgeArg = "--run-pac-file"

// Bounds of that process.
const (
	judgeLimit   = 5 * time.Second // for a parent that has died
	judgeCPU     = 5               // seconds
	judgeMemory  = 384 << 20       // bytes that it holds
	judgeLook    = 10 * time.Millisecond
	maxAnswer    = 4 << 10
	tooMuchCode  = 3
	maxJudgeText = 8 * maxScript // JSON makes six bytes of one at worst
)

var (
	errTooMuch = errors.New("it wants too much memory")
	errCrashed = errors.New("it ended the process that ran it")
)

// helpers are the functions that a PAC file may call.
//
//go:embed pac.js
var helpers string

// question is what that process reads.
type question struct {
	Script string `json:"script"`
	URL    string `json:"url"`
	Host   string `json:"host"`
	Own    string `json:"own"` // this PC's address
}

// judge runs a PAC file for a target and returns what it says.
func judge(ctx context.Context, script string, target *url.URL) (string, error) {
	// As browsers do, it learns the address and no more.
	whole := (&url.URL{Scheme: target.Scheme, Host: target.Host, Path: "/"}).String()
	asked, err := json.Marshal(question{Script: script, URL: whole, Host: target.Hostname(), Own: ownAddress()})
	if err != nil {
		return "", fmt.Errorf("ask the PAC file: %w", err)
	}
	var said answerBuffer
	cmd := exec.CommandContext(ctx, "/proc/self/exe", judgeArg) //nolint:gosec // G702: this very program, also when an update has just replaced its file
	cmd.Stdin, cmd.Stdout = bytes.NewReader(asked), &said
	cmd.Env = judgeEnv()
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.As(err, &exit) && exit.ExitCode() == tooMuchCode:
		return "", errTooMuch
	case errors.As(err, &exit):
		return "", errCrashed
	case err != nil:
		return "", fmt.Errorf("run it: %w", err)
	}
	text := string(said)
	if problem, ok := strings.CutPrefix(text, "!"); ok {
		return "", errors.New(problem)
	}
	return text, nil
}

// judgeEnv leaves that process what finds its libraries and the time of day, and tests the options of the race detector.
func judgeEnv() []string {
	env := []string{"JSC_useJIT=false"} // a file of some lines needs no compiler
	for _, name := range []string{"LD_LIBRARY_PATH", "TZ", "GORACE"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// answerBuffer keeps the beginning.
type answerBuffer []byte

// Write implements io.Writer.
func (b *answerBuffer) Write(p []byte) (int, error) {
	*b = append(*b, p[:min(len(p), maxAnswer+1-len(*b))]...)
	return len(p), nil
}

// ownAddress is what myIpAddress says: the address of the way out. A UDP socket that is connected sends nothing.
func ownAddress() string {
	const elsewhere = "192.0.2.1:9"          // of RFC 5737: nobody's
	conn, err := net.Dial("udp4", elsewhere) //nolint:noctx // it waits for nothing
	if err != nil {
		return "127.0.0.1"
	}
	defer conn.Close()
	if own, ok := conn.LocalAddr().(*net.UDPAddr); ok {
		return own.IP.String()
	}
	return "127.0.0.1"
}

// RanPAC is for the first line of main: it runs a PAC file if that is what this process was started for, and reports
// whether it was.
func RanPAC() bool {
	if len(os.Args) != 2 || os.Args[1] != judgeArg {
		return false
	}
	confine()
	var q question
	if err := json.NewDecoder(io.LimitReader(os.Stdin, maxJudgeText)).Decode(&q); err != nil {
		os.Exit(1)
	}
	if _, err := io.WriteString(os.Stdout, askScript(q)); err != nil {
		os.Exit(1)
	}
	return true
}

// confine bounds this process.
func confine() {
	for what, limit := range map[int]uint64{unix.RLIMIT_CPU: judgeCPU, unix.RLIMIT_CORE: 0, unix.RLIMIT_FSIZE: 0} {
		_ = unix.Setrlimit(what, &unix.Rlimit{Cur: limit, Max: limit}) // lower is always allowed
	}
	time.AfterFunc(judgeLimit, func() { os.Exit(1) })
	go func() { // as long as the process
		for ; ; time.Sleep(judgeLook) {
			if held() > judgeMemory {
				os.Exit(tooMuchCode)
			}
		}
	}()
}

// held is how many bytes of memory this process holds, by proc(5).
func held() int {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.Atoi(fields[1])
	if err != nil {
		return 0
	}
	return pages * os.Getpagesize()
}
