package hook

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSlackText(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"a text", `{"text":"배포 완료"}`, "배포 완료"},
		{"links", `{"text":"<https://a.example|여기> <https://b.example> <mailto:a@b.c|메일>"}`, "여기 (https://a.example) https://b.example 메일 (mailto:a@b.c)"},
		{"people and channels", `{"text":"<@U1|kim> <@U2> <#C1|general> <!here> <!subteam^S1|@dev>"}`, "@kim @U2 #general @here dev"},
		{"what is escaped once", `{"text":"&amp;lt; a &lt; b &gt; c"}`, "&lt; a < b > c"},
		{"what is no mark", `{"text":"1 < 2, <, <>, <a\nb>"}`, "1 < 2, <, <>, <a\nb>"},
		{"a mark without a target", `{"text":"<|x> <|>"}`, "x"},
		{"attachments", `{"text":"머리","attachments":[{"pretext":"앞","title":"제목","title_link":"https://t","text":"본문","fields":[{"title":"수","value":7},{"value":"값"},{"title":"없음"}]},{"fallback":"대신"}]}`, "머리\n앞\n제목 (https://t)\n본문\n수: 7\n값\n없음: \n대신"},
		{"a fallback only where there is nothing else", `{"attachments":[{"text":"본문","fallback":"대신"}]}`, "본문"},
		{"nothing", `{}`, ""},
	} {
		got, err := SlackText([]byte(c.body))
		if err != nil || strings.ReplaceAll(got, "없음: \n", "없음:\n") != strings.ReplaceAll(c.want, "없음: \n", "없음:\n") {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
	for _, body := range []string{``, `[]`, `{"text":7}`, `{"attachments":{}}`} {
		if got, err := SlackText([]byte(body)); err == nil {
			t.Errorf("%s is read as %q", body, got)
		}
	}
}

func FuzzSlackText(f *testing.F) {
	for _, seed := range []string{`{"text":"<|> <@> <!x|> &lt;"}`, `{"attachments":[{"fields":[{"value":{"a":[1]}}]}]}`, `{"text":"<<a|b>|c>"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		text, err := SlackText(body)
		if err == nil && !utf8.ValidString(text) {
			t.Errorf("%q becomes %q", body, text)
		}
		if len(text) > 40*len(body)+100 {
			t.Errorf("%d bytes become %d", len(body), len(text))
		}
	})
}
