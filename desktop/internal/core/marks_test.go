package core

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestPlainWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "",
		"보통 말":                      "보통 말",
		"**중요**합니다":                 "중요합니다",
		"아주**중요**합니다":               "아주중요합니다",
		"**가** 나 **다**":             "가 나 다",
		"** 공백 **":                  "** 공백 **",
		"**안 닫힘":                    "**안 닫힘",
		"**줄\n바꿈**":                 "**줄 바꿈**",
		"2**3**4":                   "2**3**4",
		"2 ** 3":                    "2 ** 3",
		"****":                      "****",
		"*** 끝 ***":                 "*** 끝 ***",
		"****암호****":                "****암호****",
		"*별 하나*":                    "*별 하나*",
		"**여는 **것 둘**":              "**여는 것 둘",
		"**보기 `x`**":                "보기 x",
		"**`x`**":                   "x",
		"`코드`와 `둘`":                 "코드와 둘",
		"`**아님**`":                  "**아님**",
		"`줄\n바꿈`":                   "`줄 바꿈`",
		"``":                        "``",
		"` `":                       "` `",
		"**중요** `코드`\n둘째 줄":         "중요 코드 둘째 줄",
		"```\nx = 1\n```":           "x = 1",
		"앞\n```go\n\t**b**\n```\n뒤": "앞 **b** 뒤",
		"말 ```한 줄``` 뒤":             "말 한 줄 뒤",
		"```안 닫힘":                   "```안 닫힘",
		"``````":                    "``````",
		"``` ```":                   "``` ```",
		"```go\n```":                "```go ```",
		"**빌드 42** 실패\n- 시험 3개":     "빌드 42 실패 - 시험 3개",
	} {
		if got := plainWords(text); got != want {
			t.Errorf("%q is read as %q, not %q", text, got, want)
		}
	}
}

func TestPlainWordsOfLongTexts(t *testing.T) {
	for _, bit := range []string{"**a ", "a** ", "`", "`a\n", "```", "``` \n", "**`x`** ", "*", "\n"} {
		text := strings.Repeat(bit, 10_000/len(bit))
		began := time.Now()
		if plainWords(text); time.Since(began) > time.Second {
			t.Errorf("%q again and again took %v", bit, time.Since(began))
		}
	}
}

// FuzzPlainWords: marks go, and nothing else comes, goes or changes its place.
func FuzzPlainWords(f *testing.F) {
	for _, text := range []string{"**가** `나`\n```go\n다\n```", "** **", "`**`**`", "\xff**\xff**", "```a```b```"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := plainWords(text)
		if got != oneLine(got) {
			t.Errorf("%q is not one line", got)
		}
		rest := text
		for _, r := range got {
			if r == ' ' {
				continue
			}
			at := strings.IndexRune(rest, r)
			if at < 0 {
				t.Fatalf("%q is read as %q", text, got)
			}
			_, size := utf8.DecodeRuneInString(rest[at:])
			rest = rest[at+size:]
		}
	})
}
