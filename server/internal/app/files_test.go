package app_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"himsg/shared/wire"
)

func (p person) with(r request) answer {
	p.s.t.Helper()
	r.token = p.token
	return p.s.do(r)
}

func TestAFileArrives(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		ann, bob := s.join(boss, "ann"), s.join(boss, "bob")
		room := ann.room(bob, boss)

		// Two Korean names in the same second: the original mixed them up.
		report, contract := ann.sendFile(room, "보고서.pdf", pdf("1")), ann.sendFile(room, "계약서.pdf", pdf("2"))
		for _, c := range []struct {
			id, name, data string
		}{
			{fmt.Sprint(report.MessageID), "보고서.pdf", pdf("1")}, {contract.FileID, "계약서.pdf", pdf("2")},
		} {
			a := bob.with(request{method: "GET", path: "/api/download-file/" + c.id})
			if a.status != 200 || string(a.body) != c.data {
				t.Errorf("%s: %d, %d bytes", c.name, a.status, len(a.body))
			}
			want := `attachment; filename="___.pdf"; filename*=UTF-8''` + url.PathEscape(c.name)
			if got := a.header.Get("Content-Disposition"); got != want {
				t.Errorf("%s: disposition %q", c.name, got)
			}
		}
		var page wire.RoomFilesReply
		bob.get("/api/chat-rooms/"+room+"/files?query="+url.QueryEscape("계약"), &page)
		if len(page.Files) != 1 || page.Files[0].File.FileID != contract.FileID {
			t.Errorf("drawer: %+v", page)
		}

		s.must(200, request{method: "DELETE", path: fmt.Sprint("/api/messages/", report.MessageID), token: ann.token})
		if a := bob.with(request{method: "GET", path: "/api/download-file/" + report.FileID}); a.status != 404 {
			t.Errorf("of a deleted message: %d", a.status)
		}
		eventually(t, "the bytes of a deleted message go", func() bool { return blobCount(t, s) == 1 })
	})
}

func pdf(tag string) string { return "%PDF-1.7\n" + tag + "\n%%EOF\n" }

func blobCount(t *testing.T, s *server) (count int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(s.c.Data, "files"), func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			count++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

// eventually waits for what happens in the background.
func eventually(t testing.TB, what string, happened func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); <-tick.C {
		if happened() {
			return
		}
	}
	t.Errorf("it never happens: %s", what)
}

func TestDownloadHeaders(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	room := boss.room(s.join(boss, "ann"), s.join(boss, "bob"))
	picture, page := boss.sendFile(room, "그림 (1).png", smallPNG), boss.sendFile(room, "x\".txt", "<script>alert(1)</script>")

	for _, c := range []struct {
		what, path, kind, disposition string
	}{
		{"picture", "/api/download-file/" + picture.FileID, "image/png", "inline"},
		{"text", "/api/download-file/" + page.FileID, "text/plain", "attachment"},
		{"thumbnail", "/api/files/" + picture.FileID + "/thumbnail?size=960", "image/jpeg", "inline"},
	} {
		a := boss.with(request{method: "GET", path: c.path})
		h := a.header
		if a.status != 200 || h.Get("Content-Type") != c.kind || !strings.HasPrefix(h.Get("Content-Disposition"), c.disposition) {
			t.Errorf("%s: %d %q %q", c.what, a.status, h.Get("Content-Type"), h.Get("Content-Disposition"))
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox; default-src 'none'") {
			t.Errorf("%s: %v", c.what, h)
		}
		etag := h.Get("ETag")
		if a := boss.with(request{method: "GET", path: c.path, header: http.Header{"If-None-Match": {etag}}}); a.status != 304 {
			t.Errorf("%s again: %d", c.what, a.status)
		}
		part := boss.with(request{method: "GET", path: c.path, header: http.Header{"Range": {"bytes=2-5"}, "If-Range": {etag}}})
		if part.status != 206 || string(part.body) != string(a.body[2:6]) {
			t.Errorf("%s, a part: %d %q", c.what, part.status, part.body)
		}
		whole := boss.with(request{method: "GET", path: c.path, header: http.Header{"Range": {"bytes=2-5"}, "If-Range": {`"other"`}}})
		if whole.status != 200 {
			t.Errorf("%s, a part of another: %d", c.what, whole.status)
		}
		beyond := boss.with(request{method: "GET", path: c.path, header: http.Header{"Range": {"bytes=100000-"}}})
		if beyond.status != 416 {
			t.Errorf("%s, beyond: %d", c.what, beyond.status)
		}
	}
}

func TestUploadsSpeakTus(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")

	a := boss.with(request{method: "OPTIONS", path: "/api/uploads"})
	if a.status != 204 || a.header.Get("Tus-Max-Size") != fmt.Sprint(wire.UsualFileBytes) || a.header.Get("Tus-Version") != "1.0.0" {
		t.Errorf("options: %d %v", a.status, a.header)
	}
	if a := boss.with(request{method: "POST", path: "/api/uploads", header: http.Header{"Upload-Length": {"2"}}}); a.status != 412 {
		t.Errorf("no version: %d", a.status)
	}

	whole := newUpload("x.txt", 6, "")
	whole.body = "안녕"
	whole.header.Set("Content-Type", tusBody)
	a = boss.with(whole)
	if a.status != 201 || a.header.Get("Upload-Offset") != "6" {
		t.Fatalf("with its bytes: %d %v %s", a.status, a.header, a.body)
	}
	eventually(t, "the file is ready", func() bool {
		var st wire.FileStatus
		boss.get("/api/files/"+strings.TrimPrefix(a.header.Get("Location"), "/api/uploads/"), &st)
		return st.State == wire.FileReady && st.File.Name == "x.txt"
	})

	a = boss.with(newUpload("x.txt", 6, ""))
	at := a.header.Get("Location")
	patch := func(offset, body string) answer {
		return boss.with(request{method: "PATCH", path: at, body: body, header: tusWith("Upload-Offset", offset, "Content-Type", tusBody)})
	}
	for _, c := range []struct {
		what, offset, body string
		status             int
		code               wire.Code
	}{
		{"the beginning", "0", "안", 204, ""},
		{"the same again", "0", "안", 409, wire.Conflict},
		{"beyond", "5", "x", 409, wire.Conflict},
		{"too much", "3", "녕!", 413, wire.TooLarge},
		{"no number", "x", "x", 400, wire.BadRequest},
		{"below zero", "-1", "x", 400, wire.BadRequest},
	} {
		if a := patch(c.offset, c.body); a.status != c.status || a.refusal().Code != c.code {
			t.Errorf("%s: %d %s", c.what, a.status, a.body)
		}
	}
	if a := boss.with(request{method: "HEAD", path: at, header: tusWith()}); a.header.Get("Upload-Offset") != "3" || a.header.Get("Upload-Length") != "6" {
		t.Errorf("offset: %v", a.header)
	}
	wrong := boss.with(request{method: "PATCH", path: at, body: "녕", header: tusWith("Upload-Offset", "3")})
	if wrong.status != 415 {
		t.Errorf("another content type: %d", wrong.status)
	}
	if a := patch("3", "녕"); a.status != 204 || a.header.Get("Upload-Offset") != "6" {
		t.Errorf("the end: %d %s", a.status, a.body)
	}
}

func TestTheOriginalsRefusalsOfUploads(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	room := boss.room(s.join(boss, "ann"), s.join(boss, "bob"))
	for _, c := range []struct {
		what   string
		r      request
		status int
		text   string
	}{
		{"no file", formUpload("", "x", "room_uuid", room), 400, "파일이 선택되지 않았습니다."},
		{"no form", request{method: "POST", path: "/api/upload-file", body: "{}"}, 400, "파일이 선택되지 않았습니다."},
		{"too large", formUpload("x.txt", strings.Repeat("x", wire.UsualFileBytes+1), "room_uuid", room), 400, "파일 크기는 10MB를 초과할 수 없습니다."},
		{"a program", formUpload("x.exe", "x", "room_uuid", room), 400, "허용되지 않는 파일 형식입니다. 허용 형식: " + strings.Join(wire.UsualFileTypes, ", ")},
		{"nobody", formUpload("x.txt", "x", "target_uuid", "nobody"), 400, ""},
		{"HTML named png", formUpload("x.png", "<html>", "room_uuid", room), 415, "파일 내용이 확장자와 다르거나 손상되었습니다."},
	} {
		a := boss.with(c.r)
		if a.status != c.status || c.text != "" && a.refusal().Error != c.text {
			t.Errorf("%s: %d %s", c.what, a.status, a.body)
		}
	}
	if n := blobCount(t, s); n != 0 {
		t.Errorf("%d blobs are left", n)
	}
}

func TestThePolicyIsObeyedAndTold(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	var p wire.FilePolicyReply
	boss.get("/api/admin/file-policy", &p)
	if p.MaxBytes != wire.UsualFileBytes || p.Scanner != "off" || len(p.KnownTypes) < len(wire.UsualFileTypes) {
		t.Errorf("%+v", p)
	}
	change := p.FilePolicy
	change.MaxBytes, change.Types = 3, []string{"txt", "HWP"}
	put := request{method: "PUT", path: "/api/admin/file-policy", body: change}
	if a := boss.with(put); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := boss.with(put); a.status != 409 {
		t.Errorf("once more: %d", a.status)
	}
	if a := boss.with(newUpload("x.txt", 4, "")); a.status != 413 || a.refusal().Reason != wire.ReasonFileTooLarge {
		t.Errorf("too large: %d %s", a.status, a.body)
	}
	if a := boss.with(newUpload("x.pdf", 3, "")); a.status != 415 || a.refusal().Reason != wire.ReasonFileType {
		t.Errorf("another type: %d %s", a.status, a.body)
	}
	for _, bad := range []wire.FilePolicy{{}, {MaxBytes: 1, Types: []string{"exe"}, Unscanned: "refuse"}, {MaxBytes: 6 << 30, Types: []string{"txt"}, Unscanned: "refuse"}} {
		if a := boss.with(request{method: "PUT", path: "/api/admin/file-policy", body: bad}); a.status != 400 {
			t.Errorf("%+v: %d", bad, a.status)
		}
	}
}

func TestTheLastWordOfAFormerMember(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	ann, bob := s.join(boss, "ann"), s.join(boss, "bob")
	room := boss.room(ann, bob)
	sent := boss.sendFile(room, "x.png", smallPNG)
	paths := []string{
		"/api/download-file/" + sent.FileID, "/api/files/" + sent.FileID, "/api/files/" + sent.FileID + "/thumbnail?size=240",
		"/api/chat-rooms/" + room + "/files",
	}
	for _, path := range paths {
		if a := ann.with(request{method: "GET", path: path}); a.status != 200 {
			t.Errorf("member %s: %d", path, a.status)
		}
	}
	s.must(200, request{method: "DELETE", path: "/api/chat-rooms/" + room + "/members/" + ann.uuid, token: boss.token})
	for _, path := range paths {
		if a := ann.with(request{method: "GET", path: path}); a.status != 403 || a.refusal().Reason != wire.ReasonFileForbidden {
			t.Errorf("former member %s: %d", path, a.status)
		}
		if a := s.do(request{method: "GET", path: path, token: ann.token + "x"}); a.status != 401 {
			t.Errorf("bad token %s: %d", path, a.status)
		}
	}
	for _, c := range []struct {
		id     int64
		status int
		text   string // the original's
	}{
		{sent.MessageID, 403, "파일 다운로드 권한이 없습니다."}, {sent.MessageID + 1000, 404, "파일을 찾을 수 없습니다."},
	} {
		a := ann.with(request{method: "GET", path: fmt.Sprint("/api/download-file/", c.id)})
		if a.status != c.status || a.refusal().Error != c.text {
			t.Errorf("former member, message %d: %d %s", c.id, a.status, a.body)
		}
	}
}

func TestACutConnectionKeepsWhatCame(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	at := boss.with(newUpload("x.txt", 1<<20, "")).header.Get("Location")
	c, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(c)
	fmt.Fprintf(w, "PATCH %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"+
		"Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s", at, boss.token, tusBody, 1<<20, strings.Repeat("x", 300<<10))
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	_ = c.(*net.TCPConn).CloseWrite()
	eventually(t, "what came is kept", func() bool {
		a := boss.with(request{method: "HEAD", path: at, header: tusWith()})
		return a.header.Get("Upload-Offset") == fmt.Sprint(300<<10)
	})
	_ = c.Close()
	rest := request{
		method: "PATCH", path: at, body: strings.Repeat("x", 1<<20-300<<10),
		header: tusWith("Upload-Offset", fmt.Sprint(300<<10), "Content-Type", tusBody),
	}
	eventually(t, "the upload goes on", func() bool { // busy (409) until the server has noticed the cut
		return boss.with(rest).status == 204
	})
}
