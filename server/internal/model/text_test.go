package model_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

func TestMessageText(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string
		reason         wire.Reason
	}{
		{"plain", "안녕하세요", "안녕하세요", ""},
		{"decomposed Hangul", "\u1112\u1161\u11ab\u1100\u1173\u11af", "한글", ""},
		{"blanks stay", "  들여쓰기\n\t둘째 줄 ", "  들여쓰기\n\t둘째 줄 ", ""},
		{"line ends", "하나\r\n둘", "하나\n둘", ""},
		{"longest", strings.Repeat("가", wire.MaxTextRunes), strings.Repeat("가", wire.MaxTextRunes), ""},
		{"longest, decomposed", strings.Repeat("\u1100\u1161", wire.MaxTextRunes), strings.Repeat("가", wire.MaxTextRunes), ""},
		{"family", "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦", ""},
		{"empty", "", "", wire.ReasonTextEmpty},
		{"blank", " \n\t\u3000", "", wire.ReasonTextEmpty},
		{"one too many", strings.Repeat("가", wire.MaxTextRunes+1), "", wire.ReasonTextTooLong},
		{"far too long", strings.Repeat("a", 10<<20), "", wire.ReasonTextTooLong},
		{"broken UTF-8", "a\xffb", "", wire.ReasonTextInvalid},
		{"null", "a\x00b", "", wire.ReasonTextInvalid},
		{"bare carriage return", "a\rb", "", wire.ReasonTextInvalid},
		{"escape", "\x1b[31mred", "", wire.ReasonTextInvalid},
		{"C1 control", "a\u0085b", "", wire.ReasonTextInvalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := model.MessageText(tt.in)
			if got != tt.want {
				t.Errorf("%.40q, want %.40q", got, tt.want)
			}
			var refusal *errs.Error
			errors.As(err, &refusal)
			switch {
			case tt.reason == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.reason != "" && (refusal == nil || refusal.Code != wire.BadRequest || refusal.Reason != tt.reason):
				t.Errorf("error %v, want %s", err, tt.reason)
			}
		})
	}
}

// FuzzMessageText holds the rules against every text: what is taken is normal, bounded and taken again unchanged.
func FuzzMessageText(f *testing.F) {
	for _, s := range []string{"안녕", "\u1112\u1161", "a\r\nb", "\x00", "\xff", " ", "e\u0301", "\u0344", "👍🏽"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out, err := model.MessageText(in)
		if err != nil {
			if !errs.Is(err, wire.BadRequest) || out != "" {
				t.Fatalf("%q, %v", out, err)
			}
			return
		}
		if !utf8.ValidString(out) || !norm.NFC.IsNormalString(out) || strings.TrimSpace(out) == "" ||
			utf8.RuneCountInString(out) > wire.MaxTextRunes {
			t.Errorf("took %q as %q", in, out)
		}
		for _, r := range out {
			if unicode.IsControl(r) && r != '\n' && r != '\t' {
				t.Errorf("%q holds %U", out, r)
			}
		}
		if again, err := model.MessageText(out); err != nil || again != out {
			t.Errorf("%q becomes %q: %v", out, again, err)
		}
	})
}

func TestLine(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string
		limit          int
		required, bad  bool
	}{
		{"trimmed", "  김대표 ", "김대표", 10, true, false},
		{"empty allowed", " ", "", 10, false, false},
		{"empty", " ", "", 10, true, true},
		{"too long", "가나다라", "", 3, true, true},
		{"far too long", strings.Repeat("가", 10000), "", 100, true, true},
		{"two lines", "a\nb", "", 10, true, true},
		{"line separator", "a\u2028b", "", 10, true, true},
		{"direction override", "a\u202ebc", "", 10, true, true},
		{"isolate", "a\u2066b", "", 10, true, true},
		{"broken UTF-8", "\xff", "", 10, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := model.Line("name", tt.in, tt.limit, tt.required)
			if got != tt.want || (err != nil) != tt.bad {
				t.Errorf("%q, %v", got, err)
			}
			if err != nil && (len(errs.As(err).Fields) != 1 || errs.As(err).Fields[0].Name != "name") {
				t.Errorf("%+v", errs.As(err))
			}
		})
	}
}

func TestPreview(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "한 줄": "한 줄", "첫째\n둘째": "첫째", "\n 앞이 빈": "앞이 빈", "가나다라마바사": "가나다라마…", "12345": "12345",
	} {
		if got := model.Preview(in, 5); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestTombstoneHoldsNothing(t *testing.T) {
	w := model.Message{
		ID: 1, Seq: 2, Rev: 3, Text: "비밀", DeletedAt: 5, ReplyToSeq: 1, Mentions: []string{"u"}, MentionAll: true, EditedAt: 4, Pinned: true,
		Reactions: []wire.Reaction{{Emoji: "👍"}}, System: &wire.SystemNotice{}, ForwardedFrom: 7,
	}.Wire()
	if w.DeletedAt == nil || w.Text != "" || w.ReplyToSeq != 0 || len(w.Mentions)+len(w.Files)+len(w.Reactions) != 0 ||
		w.System != nil || w.Pinned || w.MentionAll || w.ForwardedFrom != 0 || w.EditedAt != nil {
		t.Errorf("%+v", w)
	}
}
