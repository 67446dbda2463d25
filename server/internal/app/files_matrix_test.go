package app_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"himsg/shared/wire"
)

// fileRoutes are the matrix's lines about files. The scene's file is the sender's; the former member left before it was sent.
var fileRoutes = []route{
	{"OPTIONS /api/uploads", signedIn(), func(*scene) request { return request{method: "OPTIONS", path: "/api/uploads"} }},
	{"POST /api/uploads", members(), func(s *scene) request { return newUpload("x.txt", 2, s.room) }},
	{"HEAD /api/uploads/{file_id}", uploader(), onUpload("HEAD", "")},
	{"PATCH /api/uploads/{file_id}", uploader(), onUpload("PATCH", "ab")},
	{"DELETE /api/uploads/{file_id}", uploader(), onUpload("DELETE", "")},
	{"POST /api/upload-file", members(), func(s *scene) request {
		return formUpload("x.txt", "안녕", "room_uuid", s.room)
	}},
	{"GET /api/download-file/{id} (file_id)", members(), func(s *scene) request {
		return request{method: "GET", path: "/api/download-file/" + s.sentFile().FileID}
	}},
	{"GET /api/download-file/{id} (message_id)", members(), func(s *scene) request {
		return request{method: "GET", path: fmt.Sprint("/api/download-file/", s.sentFile().MessageID)}
	}},
	{"HEAD /api/download-file/{id}", members(), func(s *scene) request {
		return request{method: "HEAD", path: "/api/download-file/" + s.sentFile().FileID}
	}},
	{"GET /api/files/{file_id}", members(), func(s *scene) request {
		return request{method: "GET", path: "/api/files/" + s.sentFile().FileID}
	}},
	{"GET /api/files/{file_id} (not sent)", uploader(), func(s *scene) request {
		return request{method: "GET", path: "/api/files/" + s.upload()}
	}},
	{"GET /api/files/{file_id}/thumbnail", members(), func(s *scene) request {
		return request{method: "GET", path: "/api/files/" + s.sentFile().FileID + "/thumbnail?size=240"}
	}},
	{"GET /api/chat-rooms/{room_uuid}/files", members().and(forbidden, former), func(s *scene) request {
		s.sentFile()
		return request{method: "GET", path: "/api/chat-rooms/" + s.room + "/files"}
	}},
	{"GET /api/admin/file-policy", admins(), get("/api/admin/file-policy")},
	{"PUT /api/admin/file-policy", admins(), func(s *scene) request {
		var p wire.FilePolicyReply
		s.m.people[manager].get("/api/admin/file-policy", &p)
		return request{method: "PUT", path: "/api/admin/file-policy", body: p.FilePolicy}
	}},
}

// uploader: only who uploads may go on, not even others of the room.
func uploader() rule { return except(unknown, signIn, signedOut...).and(ok, sender) }

var tusHeader = http.Header{"Tus-Resumable": {"1.0.0"}}

func tusWith(pairs ...string) http.Header {
	h := tusHeader.Clone()
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func newUpload(name string, size int, roomUUID string) request {
	said := "filename " + base64.StdEncoding.EncodeToString([]byte(name))
	if roomUUID != "" {
		said += ",room_uuid " + base64.StdEncoding.EncodeToString([]byte(roomUUID))
	}
	return request{method: "POST", path: "/api/uploads", header: tusWith("Upload-Length", fmt.Sprint(size), "Upload-Metadata", said)}
}

const tusBody = "application/offset+octet-stream"

func onUpload(method, body string) func(s *scene) request {
	return func(s *scene) request {
		r := request{method: method, path: "/api/uploads/" + s.upload(), header: tusWith("Upload-Offset", "0", "Content-Type", tusBody)}
		if body != "" {
			r.body = body
		}
		return r
	}
}

const boundary = "boundary"

// formUpload is the original's request; fields are names and values by turns, behind the file.
func formUpload(name, data string, fields ...string) request {
	var b strings.Builder
	fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: x/y\r\n\r\n%s\r\n", boundary, strings.ReplaceAll(name, `"`, `\"`), data)
	for i := 0; i < len(fields); i += 2 {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", boundary, fields[i], fields[i+1])
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return request{
		method: "POST", path: "/api/upload-file", body: b.String(),
		header: http.Header{"Content-Type": {"multipart/form-data; boundary=" + boundary}},
	}
}

// upload begins an upload of the scene's sender.
func (s *scene) upload() (fileUUID string) {
	s.m.s.t.Helper()
	r := newUpload("x.txt", 2, "")
	r.token = s.m.people[sender].token
	return strings.TrimPrefix(s.m.s.must(201, r).header.Get("Location"), "/api/uploads/")
}

// sentFile is a picture that the scene's sender sent.
func (s *scene) sentFile() wire.UploadFileReply {
	s.m.s.t.Helper()
	return s.m.people[sender].sendFile(s.room, "그림.png", smallPNG)
}

// sendFile sends a file as the original's clients do.
func (p person) sendFile(roomUUID, name, data string) wire.UploadFileReply {
	p.s.t.Helper()
	r := formUpload(name, data, "room_uuid", roomUUID)
	r.token = p.token
	var out wire.UploadFileReply
	p.s.must(200, r).decode(p.s.t, &out)
	return out
}
