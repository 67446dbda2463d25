package demo

import (
	_ "embed"
	"strings"
)

//go:embed threads.txt
var threadsText string

// line is one message of a thread.
type line struct {
	who      int // 0 for A, 1 for B …
	text     string
	isReply  bool   // it answers the thread's first line
	reaction string // an emoji that somebody adds, or ""
}

// thread is a piece of talk that belongs together.
type thread struct {
	lines  []line
	people int
}

// parseThreads reads threads.txt; its head says how it is written.
func parseThreads(text string) map[string][]thread {
	out := map[string][]thread{}
	kind := ""
	var t thread
	flush := func() {
		if len(t.lines) > 0 {
			out[kind] = append(out[kind], t)
		}
		t = thread{}
	}
	for l := range strings.Lines(text + "\n") {
		l = strings.TrimRight(l, "\n")
		switch {
		case strings.HasPrefix(l, "#"):
		case strings.HasPrefix(l, "["):
			flush()
			kind = strings.Trim(l, "[]")
		case l == "":
			flush()
		default:
			one := parseLine(l)
			t.lines = append(t.lines, one)
			t.people = max(t.people, one.who+1)
		}
	}
	flush()
	return out
}

func parseLine(l string) line {
	one := line{who: int(l[0] - 'A'), isReply: l[1] == '>'}
	one.text = strings.ReplaceAll(strings.TrimSpace(l[2:]), `\n`, "\n")
	one.text, one.reaction, _ = strings.Cut(one.text, "  +")
	return one
}
