package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"himsg/server/internal/errs"
	"himsg/shared/release"
)

// The page for people who install: plain HTML that a browser of ten years ago shows, without a script.

// pageWords are the texts of the page that don't stand in it themselves.
type pageWords struct {
	Lang, Title, Lead, Yours, Others, None, Size, Sum, Windows, Linux string
	kinds                                                             map[string]string
}

var pageTexts = map[string]pageWords{
	langKO: {
		Lang: "ko", Title: "Hi_Msg 설치", Lead: "사내 메신저 Hi_Msg를 이 PC에 설치합니다.",
		Yours: "이 PC에 맞는 설치 파일", Others: "다른 설치 파일", None: "아직 올라온 설치 파일이 없습니다. IT 담당자에게 문의해 주세요.",
		Size: "크기", Sum: "SHA-256", Windows: "Windows", Linux: "Linux",
		kinds: map[string]string{
			release.KindSetup: "나만 쓰는 설치 (관리자 권한 필요 없음)", release.KindMSI: "이 PC의 모든 사용자용 (관리자 권한 필요)",
			release.KindDeb: "Debian, Ubuntu", release.KindRPM: "Fedora, RHEL 계열", release.KindArchive: "압축 파일 (아무 폴더에나 풀어 사용)",
			release.KindZip: "압축 파일 (아무 폴더에나 풀어 사용)",
		},
	},
	langEN: {
		Lang: "en", Title: "Install Hi_Msg", Lead: "Hi_Msg is the company's messenger. Install it on this PC.",
		Yours: "For this PC", Others: "Other installers", None: "There is no installer yet. Please ask IT.",
		Size: "Size", Sum: "SHA-256", Windows: "Windows", Linux: "Linux",
		kinds: map[string]string{
			release.KindSetup: "For me alone (no rights needed)", release.KindMSI: "For everybody on this PC (needs rights)",
			release.KindDeb: "Debian, Ubuntu", release.KindRPM: "Fedora and others with RPM", release.KindArchive: "Archive, to be unpacked anywhere",
			release.KindZip: "Archive, to be unpacked anywhere",
		},
	},
}

// pageOrder is the order of the kinds on the page: what most people want first.
var pageOrder = []string{release.KindSetup, release.KindMSI, release.KindDeb, release.KindRPM, release.KindArchive, release.KindZip}

const pageStyle = `
body{font-family:"Pretendard","Malgun Gothic","Noto Sans KR",sans-serif;color:#1c2430;background:#f4f6f9;margin:0;line-height:1.5}
main{max-width:680px;margin:0 auto;padding:32px 20px}
h1{font-size:24px;margin:0}
h2{font-size:16px;margin:28px 0 8px}
ul{list-style:none;margin:0;padding:0}
li{background:#fff;border:1px solid #d9dfe7;border-radius:10px;padding:14px 16px;margin:0 0 10px}
a{color:#1b4fd8;font-weight:bold;word-break:break-all}
small{color:#55606e;display:block;word-break:break-all}
.company{color:#55606e;margin:0 0 4px}
`

var pageTemplate = template.Must(template.New("download").Parse(`<!DOCTYPE html>
<html lang="{{.Words.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Company}} · {{.Words.Title}}</title>
<style>` + pageStyle + `</style>
</head>
<body>
<main>
<p class="company">{{.Company}}</p>
<h1>{{.Words.Title}}{{if .Version}} {{.Version}}{{end}}</h1>
<p>{{.Words.Lead}}</p>
{{if not .Version}}<p><strong>{{.Words.None}}</strong></p>
{{end}}{{range .Groups}}<h2>{{.Title}}</h2>
<ul>
{{range .Files}}<li><a href="/download/{{$.Sequence}}/{{.Name}}">{{.Name}}</a>
<small>{{.System}} · {{.What}} · {{$.Words.Size}} {{.Size}}</small>
<small>{{$.Words.Sum}} {{.SHA256}}</small></li>
{{end}}</ul>
{{end}}</main>
</body>
</html>
`))

// pagePolicy lets the page's own style through and nothing else.
var pagePolicy = func() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

type pageGroup struct {
	Title string
	Files []pageFile
}

type pageFile struct {
	Name, System, What, Size, SHA256 string
}

func (a *API) downloadPage(w http.ResponseWriter, r *http.Request) {
	words := pageTexts[recordOf(r.Context()).lang]
	page := struct {
		Words    pageWords
		Company  string
		Version  string
		Sequence int64
		Groups   []pageGroup
	}{Words: words, Company: a.o.CompanyName}
	if held, ok := a.o.Releases.Newest(""); ok {
		page.Version, page.Sequence = held.Version, held.Sequence
		page.Groups = groups(held.Files, systemOf(r.UserAgent()), words)
	}
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, page); err != nil {
		fail(w, r, errs.As(fmt.Errorf("write the download page: %w", err)))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Vary", "Accept-Language, User-Agent")
	_, _ = w.Write(out.Bytes()) // nobody is left to tell
}

// systemOf is the system that a browser says it runs on; empty for one that the app does not know.
func systemOf(userAgent string) string {
	switch {
	case strings.Contains(userAgent, "Windows"):
		return "windows"
	case strings.Contains(userAgent, "Linux") && !strings.Contains(userAgent, "Android"):
		return "linux"
	}
	return ""
}

// groups puts the files of the reader's system first.
func groups(files []release.File, system string, words pageWords) []pageGroup {
	sorted := slices.Clone(files)
	slices.SortStableFunc(sorted, func(a, b release.File) int {
		return slices.Index(pageOrder, a.Kind) - slices.Index(pageOrder, b.Kind)
	})
	mine, others := pageGroup{Title: words.Yours}, pageGroup{Title: words.Others}
	for _, f := range sorted {
		what := words.kinds[f.Kind]
		if what == "" {
			what = f.Kind
		}
		line := pageFile{Name: f.Name, System: words.system(f.System), What: what, Size: fmt.Sprintf("%.1f MB", float64(f.Size)/1e6), SHA256: f.SHA256}
		if f.System == system {
			mine.Files = append(mine.Files, line)
		} else {
			others.Files = append(others.Files, line)
		}
	}
	var out []pageGroup
	for _, group := range []pageGroup{mine, others} {
		if len(group.Files) > 0 {
			out = append(out, group)
		}
	}
	return out
}

func (p pageWords) system(name string) string {
	switch name {
	case "windows":
		return p.Windows
	case "linux":
		return p.Linux
	}
	return name
}
