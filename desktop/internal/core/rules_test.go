package core

import (
	"runtime/debug"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

func TestKeywordIn(t *testing.T) {
	words := []string{"보고서", "AI", "Q3", "c++"}
	for text, want := range map[string]string{
		"보고서를 보냅니다":            "보고서",
		"월간보고서 초안":             "보고서",
		norm.NFD.String("보고서"): "보고서",
		"보고 서":                 "",
		"ai를 씁시다":              "AI",
		"said the maid":        "",
		"AI2":                  "",
		"said AI":              "AI",
		"내년q3에":                "Q3",
		"Q30":                  "",
		"C++ 코드":               "c++",
		"":                     "",
	} {
		if got := keywordIn(text, words); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestQuietHours(t *testing.T) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	night := QuietHours{On: true, From: "22:00", To: "08:00", Days: []int{5}} // Fridays
	noon := QuietHours{On: true, From: "12:00", To: "13:00", Days: []int{0, 1, 2, 3, 4, 5, 6}}
	short := QuietHours{On: true, From: "01:30", To: "03:30", Days: []int{0}}
	for name, row := range map[string]struct {
		q    QuietHours
		at   time.Time
		want bool
	}{
		"friday evening":           {night, time.Date(2026, 11, 27, 22, 0, 0, 0, seoul), true},
		"saturday morning":         {night, time.Date(2026, 11, 28, 7, 59, 0, 0, seoul), true},
		"saturday at eight":        {night, time.Date(2026, 11, 28, 8, 0, 0, 0, seoul), false},
		"saturday evening":         {night, time.Date(2026, 11, 28, 23, 0, 0, 0, seoul), false},
		"friday morning":           {night, time.Date(2026, 11, 27, 7, 0, 0, 0, seoul), false},
		"noon":                     {noon, time.Date(2026, 11, 28, 12, 30, 0, 0, seoul), true},
		"after noon":               {noon, time.Date(2026, 11, 28, 13, 0, 0, 0, seoul), false},
		"clock forward: in it":     {short, time.Date(2026, 3, 29, 3, 10, 0, 0, berlin), true},
		"clock forward: over":      {short, time.Date(2026, 3, 29, 3, 30, 0, 0, berlin), false},
		"clock back: second 02:30": {short, time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC).In(berlin), true},
		"clock back: over":         {short, time.Date(2026, 10, 25, 2, 30, 0, 0, time.UTC).In(berlin), false},
	} {
		if got := row.q.holds(row.at); got != row.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for name, q := range map[string]QuietHours{
		"no time": {From: "25:00", To: "08:00"}, "words": {From: "x", To: "08:00"},
		"a day too many": {From: "22:00", To: "08:00", Days: []int{7}}, "a day twice": {From: "22:00", To: "08:00", Days: []int{1, 1}},
	} {
		if q.valid() {
			t.Errorf("took %s", name)
		}
	}
}

func TestSnooze(t *testing.T) {
	now := time.Date(2026, 11, 26, 17, 0, 0, 0, time.UTC)
	if got := snoozeEnd(now, snoozeTomorrow); got != time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC).UnixMilli() {
		t.Errorf("until tomorrow: %d", got)
	}
	s := Settings{SnoozeUntil: snoozeEnd(now, 30)}
	for after, want := range map[time.Duration]bool{0: true, 29 * time.Minute: true, 30 * time.Minute: false, -365 * 24 * time.Hour: false} {
		if got := s.snoozed(now.Add(after)); got != want {
			t.Errorf("%s later: %v", after, got)
		}
	}
}

func TestKeywordsAreChecked(t *testing.T) {
	for name, words := range map[string][]string{
		"empty": {""}, "spaces": {" a"}, "twice": {"AI", "ai"}, "a line": {"a\nb"}, "many": make([]string, 21),
	} {
		if checkKeywords(words) {
			t.Errorf("took %s", name)
		}
	}
	if !checkKeywords([]string{"보고서", "AI"}) {
		t.Error("refused good ones")
	}
}

func TestLabelsAreOneShortLine(t *testing.T) {
	got := label("a\u202egnp\n<b>" + string(make([]rune, 100)) + "나")
	if got != "agnp <b>나" {
		t.Errorf("%q", got)
	}
}

func TestBuildName(t *testing.T) {
	for want, settings := range map[string][]debug.BuildSetting{
		"":                         {{Key: "vcs.time", Value: "2026-11-27T10:00:00Z"}},
		"9fb398552a · 2026-11-27":  {{Key: "vcs.revision", Value: "9fb398552ab9fb39"}, {Key: "vcs.time", Value: "2026-11-27T10:00:00Z"}},
		"9fb398552a+ · 2026-11-27": {{Key: "vcs.revision", Value: "9fb398552ab"}, {Key: "vcs.time", Value: "2026-11-27T10:00:00Z"}, {Key: "vcs.modified", Value: "true"}},
		"9fb":                      {{Key: "vcs.revision", Value: "9fb"}},
	} {
		if got := buildName(settings); got != want {
			t.Errorf("%v: %q, want %q", settings, got, want)
		}
	}
}
