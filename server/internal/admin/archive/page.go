package archive

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"

	"himsg/server/internal/admin"
)

// head forbids the pages everything that a page could do.
const head = `<!doctype html><html lang="ko"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{.Title}}</title><style>body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3em .6em;border-bottom:1px solid #ccc}
td.t{white-space:pre-wrap;overflow-wrap:anywhere}td.d{white-space:nowrap;color:#555}</style></head><body><h1>{{.Title}}</h1>`

var indexPage = template.Must(template.New("index").Parse(head + `<p>{{.About}}</p>
<table><tr><th>대화방 / Room</th><th>참여자 / Members</th><th>메시지 / Messages</th></tr>
{{range .Rooms}}<tr><td><a href="{{.Folder}}/index.html">{{.Name}}</a> ({{.Kind}})</td><td>{{range .Members}}{{.}} {{end}}</td><td>{{.Messages}}</td></tr>
{{end}}</table></body></html>`))

var roomPage = template.Must(template.New("room").Parse(head + `<p>{{range .Room.Members}}{{.}} {{end}}</p>
<ul>{{range .Room.Pages}}<li><a href="{{.}}.html">{{.}}</a></li>{{end}}</ul><p><a href="../../index.html">↑</a></p></body></html>`))

var messagePage = template.Must(template.New("messages").Parse(head + `<p><a href="index.html">↑</a></p><table>
{{range .Messages}}<tr><td class="d">{{.At}}</td><td>{{.Sender}}</td><td class="t">{{if .Deleted}}(삭제된 메시지 / deleted){{else}}{{.Text}}{{end}}{{range .Files}}
{{if .Path}}<a href="../../{{.Path}}" download="{{.Name}}">📎 {{.Name}}</a>{{else}}📎 {{.Name}} (보관 기간 만료 / removed by retention){{end}}{{end}}</td></tr>
{{end}}</table></body></html>`))

func render(t *template.Template, data any) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", fmt.Errorf("write a page: %w", err)
	}
	return b.String(), nil
}

// AddPage implements admin.ArchiveWriter.
func (a *Writer) AddPage(r admin.ArchiveRoom, page string, list []admin.ArchiveMessage) error {
	return a.both(r.Folder+"/"+page, messagePage, list, map[string]any{"Title": r.Name + " · " + page, "Messages": list})
}

// AddRoom implements admin.ArchiveWriter.
func (a *Writer) AddRoom(r admin.ArchiveRoom) error {
	return a.both(r.Folder+"/index", roomPage, r, map[string]any{"Title": r.Name, "Room": r})
}

// AddIndex implements admin.ArchiveWriter.
func (a *Writer) AddIndex(title, about string, rooms []admin.ArchiveRoom) error {
	return a.both("index", indexPage, rooms, map[string]any{"Title": title, "About": about, "Rooms": rooms})
}

func (a *Writer) both(name string, t *template.Template, data, view any) error {
	text, err := render(t, view)
	if err != nil {
		return err
	}
	code, err := json.MarshalIndent(data, "", " ")
	if err != nil {
		return fmt.Errorf("encode a page: %w", err)
	}
	if err := a.addText(name+".html", text); err != nil {
		return err
	}
	return a.addText(name+".json", string(code))
}
