package demo

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// lists are the slots that are filled by choice.
var lists = map[string][]string{
	"doc": {
		"주간 보고서", "견적서", "발주서", "시험 성적서", "회의 자료", "제안서", "원가 분석표", "교육 자료", "출장 보고서", "검사 기준서", "설계 도면",
		"월간 실적", "품질 점검표", "계약서 초안", "작업 표준서",
	},
	"customer": {"한빛전자", "대성반도체", "미래정밀", "우리테크", "세종소재", "동아시스템", "청우산업", "나래디스플레이"},
	"product":  {"HS-200 센서", "HS-310 모듈", "웨이퍼 캐리어", "신형 컨트롤러", "B타입 커넥터", "세정 장비", "온도 제어기"},
	"project":  {"신제품 출시", "스마트 공장", "원가 절감", "품질 혁신", "신규 라인", "ERP 교체"},
	"place":    {"3층 대회의실", "2층 소회의실", "본관 교육장", "1층 접견실", "4층 회의실"},
	"weekday":  {"월요일", "화요일", "수요일", "목요일", "금요일"},
	"weekend":  {"토요일", "일요일"},
	"mountain": {"관악산", "북한산", "청계산", "도봉산", "수리산"},
	"time":     {"9시", "9시 30분", "10시", "11시", "1시 30분", "2시", "3시", "4시", "5시"},
	"won":      {"12,000", "15,000", "23,500", "30,000"},
}

// ranges are the slots that are numbers: from, to.
var ranges = map[string][2]int{"n": {2, 28}, "num": {50, 950}, "ext": {2100, 5999}, "pct": {88, 99}}

var slot = regexp.MustCompile(`\{(\w+)(?:\|(\p{Hangul}+))?\}`)

// fill puts words into the slots of a line. at is when the line is written, title the grade of who is spoken to.
func (c *company) fill(line string, at time.Time, title string) string {
	return slot.ReplaceAllStringFunc(line, func(s string) string {
		m := slot.FindStringSubmatch(s)
		word := c.slotWord(m[1], at, title)
		if m[2] == "" {
			return word
		}
		return word + particle(word, m[2])
	})
}

func (c *company) slotWord(name string, at time.Time, title string) string {
	if choices, ok := lists[name]; ok {
		return choices[c.rng.IntN(len(choices))]
	}
	if r, ok := ranges[name]; ok {
		return strconv.Itoa(r[0] + c.rng.IntN(r[1]-r[0]+1))
	}
	switch name {
	case "date":
		d := at.In(seoul).Add(time.Duration(1+c.rng.IntN(12)) * day)
		return fmt.Sprintf("%d월 %d일", int(d.Month()), d.Day())
	case "month":
		return strconv.Itoa(int(at.In(seoul).Month()))
	case "title":
		return title
	}
	return name
}

// particle picks the form of a particle that fits the word before it: 을/를, 이/가, 은/는, 과/와, 으로/로.
func particle(word, form string) string {
	r := []rune(word)
	last := r[len(r)-1]
	final := 0 // jongseong: 0 none, 8 ㄹ
	if last >= '가' && last <= '힣' {
		final = int(last-'가') % 28
	} else if strings.ContainsRune("013678LMNR", last) { // read aloud these end in a consonant
		final = 1
	}
	pairs := map[string]string{"을": "를", "이": "가", "은": "는", "과": "와", "으로": "로"}
	if form == "으로" && final == 8 {
		return "로"
	}
	if final == 0 {
		return pairs[form]
	}
	return form
}
