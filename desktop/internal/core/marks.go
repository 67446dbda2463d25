package core

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file reads a text for a line in the list of rooms and for a notification: its words, without the marks that the page draws as
// blocks of code, code and bold (frontend/src/components/text/format.ts, whose examples the test here has).

const fence = "```"

var (
	fenceLanguage = regexp.MustCompile(`^[ \t]*[A-Za-z0-9+#._-]{0,20}[ \t]*\n`)
	codeInLine    = regexp.MustCompile("`[^`\n]+`")
	starsOrLine   = regexp.MustCompile(`\*{2,}|\n`)
)

// plainWords is a text in one line, without marks. What isn't closed stays as it was typed. Linear in the length of any text.
func plainWords(text string) string {
	if !strings.ContainsAny(text, "*`") {
		return oneLine(text)
	}
	var out strings.Builder
	for {
		before, rest, opened := strings.Cut(text, fence)
		inside, after, closed := strings.Cut(rest, fence)
		if !opened || !closed {
			break
		}
		code := fenceLanguage.ReplaceAllLiteralString(inside, "")
		if strings.TrimSpace(code) == "" {
			before += fence + inside + fence // nothing between them: they are text
		}
		wordsOfText(&out, before)
		out.WriteString(" " + code + " ")
		text = after
	}
	wordsOfText(&out, text)
	return oneLine(out.String())
}

// wordsOfText writes running text. Code comes first, since nothing inside of it means anything.
func wordsOfText(out *strings.Builder, text string) {
	b := boldText{open: -1}
	from := 0
	for _, at := range codeInLine.FindAllStringIndex(text, -1) {
		code := text[at[0]+1 : at[1]-1]
		if strings.TrimSpace(code) == "" {
			continue
		}
		b.plain(text[from:at[0]], true)
		b.put(code)
		b.behind = true
		from = at[1]
	}
	b.plain(text[from:], false)
	for _, part := range b.parts {
		out.WriteString(part)
	}
}

// boldText leaves out pairs of stars that stand around something on one line.
type boldText struct {
	parts  []string
	open   int  // of parts, where stars that opened stand; -1: nowhere
	behind bool // code stands before what comes next
}

func (b *boldText) put(part string) {
	if part != "" {
		b.parts = append(b.parts, part)
	}
}

// plain takes a piece without code; more says that code follows. Three stars and more are no pair: ****, *** end of page ***.
func (b *boldText) plain(text string, more bool) {
	from := 0
	for _, at := range starsOrLine.FindAllStringIndex(text, -1) {
		mark := text[at[0]:at[1]]
		if mark != "\n" && mark != "**" {
			continue
		}
		b.put(text[from:at[0]])
		from = at[1]
		if mark == "\n" {
			b.open = -1
			b.put(mark)
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		if at[0] == 0 {
			before = ' '
			if b.behind {
				before = '가' // something that is no Latin letter
			}
		}
		after, _ := utf8.DecodeRuneInString(text[at[1]:])
		if at[1] == len(text) {
			after = ' '
			if more {
				after = 'x'
			}
		}
		b.stars(before, after)
	}
	b.put(text[from:])
}

// stars takes a pair of them by what stands beside it. 2**3**4 is arithmetic.
func (b *boldText) stars(before, after rune) {
	latin := before < utf8.RuneSelf && (unicode.IsLetter(before) || unicode.IsDigit(before))
	switch {
	case b.open >= 0 && b.open < len(b.parts)-1 && !unicode.IsSpace(before):
		b.parts[b.open] = ""
		b.open = -1
		return
	case !unicode.IsSpace(after) && !latin:
		b.open = len(b.parts)
	}
	b.parts = append(b.parts, "**")
}
