package legacy

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"himsg/server/internal/errs"
)

// This file writes reports.

// Say writes the report in words, in a language ("ko" or "en"), with at most so many rows of each kind.
func (r *Report) Say(w io.Writer, lang string, rows int) error {
	say := func(ko, en string) string { return errs.Text{KO: ko, EN: en}.In(lang) }
	var b strings.Builder
	head := say("가져온 것", "What came")
	if r.DryRun {
		head = say("가져올 것 (아무것도 바꾸지 않았습니다)", "What would come (nothing was changed)")
	}
	fmt.Fprintln(&b, head)
	for _, t := range r.Tables {
		fmt.Fprintf(&b, "  %-26s %9d %s  %9d %s  %9d %s\n", t.Table, t.Rows, say("행", "rows"), t.Comes, say("가져옴", "come"), t.Left,
			say("남김", "stay"))
	}
	fmt.Fprintf(&b, say("  사람 %d명 (탈퇴한 사람 %d명), 그룹 %d개, 1:1 대화 %d개, 메시지 %d개, 파일 %d개 (%d바이트)\n",
		"  %d people (and %d who are gone), %d groups, %d conversations of two, %d messages, %d files (%d bytes)\n"),
		r.People, r.Ghosts, r.Groups, r.Directs, r.Source.Messages, r.Source.Files, r.Source.Bytes)
	if r.First != nil {
		fmt.Fprintf(&b, say("  첫 메시지 %s, 마지막 메시지 %s (UTC); 시간대 %s로 읽음\n",
			"  first message %s, last message %s (UTC); times were read as %s\n"), r.First.Format(time.DateTime), r.Last.Format(time.DateTime), r.Zone)
	}
	r.sayKinds(&b, lang, rows)
	r.sayChecks(&b, say)
	_, err := io.WriteString(w, b.String())
	return err
}

var fateWords = map[Fate]errs.Text{
	FateStops: {KO: "중단", EN: "STOPS"}, FateLeft: {KO: "가져오지 않음", EN: "stays"}, FateChanged: {KO: "바뀜", EN: "changed"},
	FateNote: {KO: "확인", EN: "look"},
}

func (r *Report) sayKinds(b *strings.Builder, lang string, rows int) {
	for _, k := range r.Kinds {
		fmt.Fprintf(b, "[%s] %d × %s (%s)\n", fateWords[k.Fate].In(lang), k.Count, errs.Text{KO: k.WhyKO, EN: k.WhyEN}.In(lang), k.Kind)
		shown := 0
		for _, p := range r.Problems {
			if p.Kind != k.Kind {
				continue
			}
			shown++
			if shown > rows {
				fmt.Fprintf(b, "      … %d\n", k.Count-int64(rows))
				break
			}
			fmt.Fprintf(b, "      %s", p.Table)
			if p.Row != 0 {
				fmt.Fprintf(b, " %d", p.Row)
			}
			for _, s := range []string{p.Name, p.Note} {
				if s != "" {
					fmt.Fprintf(b, "  %s", s)
				}
			}
			fmt.Fprintln(b)
		}
	}
}

func (r *Report) sayChecks(b *strings.Builder, say func(ko, en string) string) {
	switch {
	case r.Before:
		fmt.Fprintln(b, say("이미 모두 가져왔습니다. 바꾼 것이 없습니다.", "All of it was imported before; nothing was changed."))
	case r.Target != nil:
		same := say("같음", "the same")
		if r.Source != *r.Target {
			same = say("다름!", "DIFFERENT")
		}
		for _, side := range []struct {
			name string
			sums Sums
		}{{say("기존", "there"), r.Source}, {say("여기", "here"), *r.Target}} {
			fmt.Fprintf(b, "%-6s %d, %d, %s texts %s, files %s\n", side.name, side.sums.Messages, side.sums.Files, "sha256", side.sums.Texts, side.sums.Contents)
		}
		fmt.Fprintf(b, "%s: %s\n", say("하나하나 다시 읽어 비교함", "read back and compared, each message and each file"), same)
	}
}

// The files of a report.
const (
	reportJSON = "import-legacy.json"
	reportCSV  = "import-legacy.csv"
)

// Write writes the report into a folder, as JSON and, its rows, as CSV. They name people and files: only this user may read them.
func (r *Report) Write(dir string) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of the report: %w", err)
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the report: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, reportJSON), append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, reportCSV), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // the operator says where
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return r.writeCSV(f)
}

// writeCSV writes UTF-8 with a mark, by which Excel knows it.
func (r *Report) writeCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	_ = c.Write([]string{"fate", "table", "row", "name", "kind", "note", "why_ko", "why_en"}) // Error tells
	for _, p := range r.Problems {
		info := kinds[p.Kind]
		row := []string{
			string(info.fate), p.Table, strconv.FormatInt(p.Row, 10), p.Name, string(p.Kind), p.Note, info.why.KO, info.why.EN,
		}
		for i, cell := range row {
			row[i] = asText(cell)
		}
		_ = c.Write(row) // the same
	}
	c.Flush()
	return c.Error()
}

// asText keeps a spreadsheet from taking a cell for a formula.
func asText(cell string) string {
	if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") || strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") ||
		strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠") {
		return "'" + cell
	}
	return cell
}
