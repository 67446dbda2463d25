package legacy

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

func TestGarbledTextsBecomeReadable(t *testing.T) {
	cp949, err := korean.EUCKR.NewEncoder().String("계약서 확인")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, in, want string
		done           repair
	}{
		{"what is right stays", "안녕 é ñ", "안녕 é ñ", 0},
		{"Latin text stays", "déjà vu – café", "déjà vu – café", 0},
		{"UTF-8 that was taken for Latin-1", "ê¹€", "김", reencoded},
		{"with the bytes that Latin-1 has not", "ì•ˆë…•", "안녕", reencoded},
		{"the company's old character set", cp949, "계약서 확인", reencoded},
		{"bytes that are nothing", "a\xff\xfeb", "a\uFFFDb", damaged},
		{"control characters", "a\x07b\x1b[2J\r\nc", "ab[2J\nc", cleaned},
		{"blank", " \n\t ", "", 0},
		{"decomposed Hangul", "\u1112\u1161\u11ab", "한", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, done := messageText(c.in); got != c.want || done != c.done {
				t.Errorf("%q (%b), want %q (%b)", got, done, c.want, c.done)
			}
		})
	}
}

func TestLongTextsBecomeSeveralMessages(t *testing.T) {
	for _, c := range []struct {
		name, in string
		parts    int
	}{
		{"one that fits", strings.Repeat("가", wire.MaxTextRunes), 1},
		{"one too many", strings.Repeat("가", wire.MaxTextRunes+1), 2},
		{"lines", strings.Repeat("가나다\n", 9000), 4},
		{"blank at its end", strings.Repeat("가", wire.MaxTextRunes) + "\n\n", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			parts := split(c.in)
			if len(parts) != c.parts {
				t.Errorf("%d parts, want %d", len(parts), c.parts)
			}
			for _, p := range parts {
				if _, err := model.MessageText(p); err != nil {
					t.Errorf("a part is no message: %v", err)
				}
			}
			if flat := func(s string) string { return strings.ReplaceAll(s, "\n", "") }; flat(strings.Join(parts, "")) != flat(c.in) {
				t.Error("something is lost")
			}
		})
	}
}

func TestTimesWithoutAZone(t *testing.T) {
	now := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		zone, in, want string
		doubt          doubt
	}{
		{"UTC", "2026-01-02 03:04:05", "2026-01-02T03:04:05Z", certain},
		{"UTC", "2026-01-02 03:04:05.678000", "2026-01-02T03:04:05.678Z", certain},
		{"Asia/Seoul", "2026-01-02 03:04:05", "2026-01-01T18:04:05Z", certain},
		{"Asia/Seoul", "2026-01-02 03:04:05Z", "2026-01-02T03:04:05Z", certain}, // the database knows
		{"Europe/Berlin", "2025-10-26 02:30:00", "2025-10-26T00:30:00Z", twice},
		{"Europe/Berlin", "2025-03-30 02:30:00", "2025-03-30T01:30:00Z", skipped},
		{"UTC", "0000-00-00 00:00:00", "", noTime},
		{"UTC", "", "", noTime},
		{"UTC", "yesterday", "", noTime},
		{"UTC", "2026-11-27 09:00:00", "2026-11-27T09:00:00Z", future},
	} {
		t.Run(c.zone+" "+c.in, func(t *testing.T) {
			zone, err := LoadZone(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			at, d := calendar{zone, now}.read(c.in)
			got := ""
			if d != noTime {
				got = time.UnixMilli(at).UTC().Format("2006-01-02T15:04:05.999Z07:00")
			}
			if got != c.want || d != c.doubt {
				t.Errorf("%s (%d), want %s (%d)", got, d, c.want, c.doubt)
			}
		})
	}
	if _, err := LoadZone("Seoul"); err == nil {
		t.Error("there is no zone Seoul")
	}
}

func TestPathsStayInTheFolder(t *testing.T) {
	for said, want := range map[string]string{
		"/srv/himsg/backend/chat_files/김_이/20240101_a.pdf": "김_이/20240101_a.pdf",
		`C:\himsg\chat_files\group_x\a.pdf`:                "group_x/a.pdf",
		"chat_files/a/b.txt":                               "a/b.txt",
		"a/b.txt":                                          "a/b.txt",
		"/srv/chat_files/a/../b/c.txt":                     "b/c.txt",
		"/srv/chat_files/../../etc/passwd":                 "",
		"../../etc/passwd":                                 "",
		"/etc/passwd":                                      "",
		`C:\Windows\win.ini`:                               "",
		"chat_files":                                       "",
		"chat_files/a\x00b":                                "",
		"/srv/chat_files//etc/passwd":                      "",
	} {
		got, ok := below(said)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %t, want %q", said, got, ok, want)
		}
	}
}

func TestNamesOfFiles(t *testing.T) {
	for _, c := range []struct {
		name string
		row  Message
		want string
	}{
		{"the stored one", Message{FileName: "보고서.pdf", Text: "📎 파일: 보고서.pdf"}, "보고서.pdf"},
		{"the text's, when the stored one lost its Hangul", Message{FileName: "pdf", Text: "📎 파일: 보고서.pdf"}, "보고서.pdf"},
		{"and when it lost a part of it", Message{FileName: "2024.pdf", Text: "? 파일: 2024년 보고서.pdf"}, "2024년 보고서.pdf"},
		{"none is left", Message{ID: 7, FileName: "pdf", Text: "📎 파일: pdf"}, "파일 7.pdf"},
		{"only the path is left", Message{ID: 8, FilePath: "chat_files/a/20240101_김_docx"}, "파일 8.docx"},
		{"nothing is left", Message{ID: 9, FilePath: "chat_files/a/b"}, "파일 9"},
		{"marks instead of Hangul", Message{ID: 10, FileName: "???.png", Text: "📎 파일: ???.png"}, "파일 10.png"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &Plan{Report: newReport(true, "UTC")}
			if got := p.fileName(c.row); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func FuzzTexts(f *testing.F) {
	for _, s := range []string{"안녕", "ê¹€", "a\xff", "\x07", strings.Repeat("가\n", 7000), "📎 파일: x.pdf"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := &Plan{Report: newReport(true, "UTC")}
		for _, row := range []Message{{Text: s}, {Text: s, FileName: s, FilePath: s}} {
			with, _ := p.texts(row, true)
			without, _ := p.texts(row, false)
			if len(with) != len(without) {
				t.Fatalf("%d messages with the file and %d without", len(with), len(without))
			}
			for _, part := range append(with, without...) {
				if _, err := model.Caption(part); err != nil || !utf8.ValidString(part) {
					t.Fatalf("%q is no text of a message: %v", part, err)
				}
			}
		}
		short, _ := line(s, wire.MaxNameRunes)
		if _, err := model.Line("name", short, wire.MaxNameRunes, false); err != nil {
			t.Fatalf("%q is no line: %v", short, err)
		}
		if rel, ok := below(s); ok && (strings.HasPrefix(rel, "/") || rel == ".." || strings.HasPrefix(rel, "../")) {
			t.Fatalf("%q leads out", rel)
		}
	})
}
