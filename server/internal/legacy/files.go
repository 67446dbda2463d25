package legacy

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file decides what becomes of files.

// upload is the file of a message.
type upload struct {
	message int64
	said    string // its path, as the original has it
	name    string
	path    string // in the folder; empty: it does not come
	size    int64
	stored  model.File // once it has come
	table   Problem    // whose it is
}

// comes reports whether the file is in the folder, and was not refused.
func (u *upload) comes() bool { return u != nil && u.path != "" }

// findFiles looks for the files of messages in the folder. Several messages with one file: its bytes are those of the last,
// since the original wrote over them.
func (p *Plan) findFiles(ctx context.Context) error {
	if p.uploads == nil {
		t := p.Report.table(tableFiles)
		t.Rows, t.Left = int64(len(p.files)), int64(len(p.files))
		return nil
	}
	there, sizes := map[string]string{}, map[string]int64{}
	err := p.uploads.Each(ctx, func(name string, size int64) error {
		there[norm.NFC.String(name)] = name
		sizes[name] = size
		p.stamp(name, id(size))
		return nil
	})
	if err != nil {
		return fmt.Errorf("look through the original's files: %w", err)
	}
	claimed := map[string][]*upload{}
	for _, u := range p.uploadsInOrder() {
		rel, ok := below(u.said)
		if !ok {
			p.leave(u, KindFileOutside, "")
			continue
		}
		actual, found := there[norm.NFC.String(rel)]
		if !found {
			p.leave(u, KindFileMissing, rel)
			continue
		}
		u.path, u.size = actual, sizes[actual]
		claimed[actual] = append(claimed[actual], u)
	}
	p.settleShared(claimed)
	for _, name := range slices.Sorted(mapKeys(sizes)) {
		if claimed[name] == nil {
			p.Report.note(Problem{Table: tableFiles, Name: name, Kind: KindFileUnclaimed})
		}
	}
	p.Report.table(tableFiles).Rows = int64(len(p.files))
	return nil
}

func mapKeys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// settleShared gives files that several messages point at to the last of these.
func (p *Plan) settleShared(claimed map[string][]*upload) {
	for _, name := range slices.Sorted(mapKeys(claimed)) {
		list := claimed[name]
		if len(list) == 1 {
			continue
		}
		last := list[len(list)-1]
		for _, u := range list[:len(list)-1] {
			u.path = ""
			p.leave(u, KindFileOverwritten, fmt.Sprintf("%s; message %d has it", u.name, last.message))
		}
		problem := last.table
		problem.Table, problem.Kind, problem.Note = tableFiles, KindFileShared, fmt.Sprintf("%s: %d messages", last.name, len(list))
		p.Report.note(problem)
	}
}

// leave notes that a file does not come.
func (p *Plan) leave(u *upload, kind Kind, note string) {
	u.path = ""
	p.Report.table(tableFiles).Left++
	problem := u.table
	problem.Table, problem.Kind, problem.Note = tableFiles, kind, note
	p.Report.note(problem)
}

func (p *Plan) uploadsInOrder() []*upload {
	list := make([]*upload, 0, len(p.files))
	for i := range p.messages {
		if u := p.files[p.messages[i].id]; u != nil {
			list = append(list, u)
		}
	}
	return list
}

// folderName is what the original calls its folder of uploads.
const folderName = "chat_files"

// below is a path of the original within its folder of uploads: the original keeps absolute paths of its own machine. Not ok: it
// leads out of the folder, as names with ".." could make it.
func below(said string) (rel string, ok bool) {
	said = strings.ReplaceAll(said, `\`, "/")
	if strings.ContainsRune(said, 0) {
		return "", false
	}
	parts := strings.Split(said, "/")
	if i := slices.Index(parts, folderName); i >= 0 {
		parts = parts[i+1:]
	} else if strings.HasPrefix(said, "/") || len(parts[0]) == 2 && parts[0][1] == ':' {
		return "", false
	}
	if rel = path.Clean(strings.Join(parts, "/")); rel == "." || rel == ".." || strings.HasPrefix(rel, "../") || strings.HasPrefix(rel, "/") {
		return "", false
	}
	return rel, true
}

// fileName is the name under which a file was sent. The original keeps it in file_name and in the message's text; where both have
// lost their Hangul ("pdf"), a name is made that says so.
func (p *Plan) fileName(row Message) string {
	stored, _ := readable(row.FileName)
	text, _ := messageText(row.Text)
	said, _ := saidName(text)
	order := []string{stored, said}
	if hangul(said) && !hangul(stored) {
		order = []string{said, stored}
	}
	for _, name := range order {
		if name = strings.TrimSpace(name); hasName(name) && !strings.ContainsAny(name, "\uFFFD?") {
			if name != strings.TrimSpace(row.FileName) {
				p.Report.note(Problem{Table: tableFiles, Row: row.ID, Name: name, Kind: KindFileName, Note: row.FileName})
			}
			return name
		}
	}
	ext := extension(row)
	name := "파일 " + id(row.ID)
	if ext != "" {
		name += "." + ext
	}
	p.Report.note(Problem{Table: tableFiles, Row: row.ID, Name: name, Kind: KindFileName, Note: row.FileName})
	return name
}

// hasName reports whether something is left of a name before its extension.
func hasName(name string) bool {
	ext := path.Ext(name)
	return len(ext) > 1 && strings.Trim(strings.TrimSuffix(name, ext), "._- ") != ""
}

// extension is what is left of a name that was lost: "pdf", ".pdf", or the end of its path.
func extension(row Message) string {
	for _, s := range []string{row.FileName, row.FileType, row.path()} {
		s = strings.ToLower(strings.TrimSpace(s))
		if i := strings.LastIndexAny(s, "._/"); i >= 0 {
			s = s[i+1:]
		}
		if slices.Contains(wire.UsualFileTypes, s) {
			return s
		}
	}
	return ""
}

// fileUUID names the file of a message.
func (p *Plan) fileUUID(messageID int64) string { return p.uuid("file", id(messageID)) }
