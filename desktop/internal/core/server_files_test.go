package core_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"himsg/shared/wire"
)

// srvFiles is the server's part about files: uploads by tus, checks, downloads.
type srvFiles struct {
	all      map[string]*srvFile
	last     int
	received int64                         // bytes of bodies, repeats included
	cutAfter int64                         // a body is cut after so many bytes, once
	refuse   func(name string) *wire.Error // what the check says
	hold     bool                          // checks don't end
	spoil    int                           // downloads that hand out other bytes
	cutDown  int64                         // a download is cut after so many bytes, once
	slow     chan struct{}                 // a body waits for it
	deleted  []string                      // uploads that were canceled
	gets     int                           // downloads
	hangDown int64                         // a download stops after so many bytes, once
	sent     int64                         // bytes of downloads
	thumb    []byte                        // of every file
}

type srvFile struct {
	wire.File
	room    string
	state   wire.FileState
	content []byte
	refusal *wire.Error
	writers int // who began to write last; others are too late
}

func (s *server) refuseHTTP(w http.ResponseWriter, status int, e wire.HTTPError) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(e)
}

func (s *server) fileRoutes(mux *http.ServeMux) {
	s.files.all = map[string]*srvFile{}
	mux.HandleFunc("POST /api/uploads", s.createUpload)
	mux.HandleFunc("HEAD /api/uploads/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		f := s.files.all[r.PathValue("id")]
		if f == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Upload-Offset", strconv.Itoa(len(f.content)))
		w.Header().Set("Upload-Length", strconv.FormatInt(f.Size, 10))
	})
	mux.HandleFunc("PATCH /api/uploads/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		f, at := s.files.all[r.PathValue("id")], 0
		if f != nil {
			at = len(f.content) // somebody may still be writing
		}
		s.mu.Unlock()
		if f == nil {
			s.refuseHTTP(w, http.StatusNotFound, wire.HTTPError{Code: wire.NotFound, Error: "no"})
			return
		}
		if r.Header.Get("Upload-Offset") != strconv.Itoa(at) {
			w.WriteHeader(http.StatusConflict)
			return
		}
		s.takeBytes(w, r, f, http.StatusNoContent)
	})
	mux.HandleFunc("DELETE /api/uploads/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.files.deleted = append(s.files.deleted, r.PathValue("id"))
		delete(s.files.all, r.PathValue("id"))
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /api/files/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		f := s.files.all[r.PathValue("id")]
		if f == nil {
			s.refuseHTTP(w, http.StatusNotFound, wire.HTTPError{Code: wire.NotFound, Error: "no"})
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(wire.FileStatus{
			State: f.state, Received: int64(len(f.content)), File: f.File, Refusal: f.refusal,
		})
	})
	mux.HandleFunc("GET /api/files/{id}/thumbnail", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		s.mu.Lock()
		defer s.mu.Unlock()
		_, _ = w.Write(s.files.thumb)
	})
	mux.HandleFunc("GET /api/download-file/{id}", s.download)
	mux.HandleFunc("GET /api/chat-rooms/{room}/files", s.roomFiles)
}

func (s *server) createUpload(w http.ResponseWriter, r *http.Request) {
	meta := map[string]string{}
	for _, pair := range strings.Split(r.Header.Get("Upload-Metadata"), ",") {
		name, value, _ := strings.Cut(pair, " ")
		decoded, _ := base64.StdEncoding.DecodeString(value)
		meta[name] = string(decoded)
	}
	size, _ := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
	s.mu.Lock()
	s.files.last++
	f := &srvFile{room: meta["room_uuid"], state: wire.FileReceiving, File: wire.File{
		FileID: fmt.Sprintf("00000000-0000-7000-9000-%012d", s.files.last), Name: meta["filename"], Size: size,
		SHA256: meta["sha256"], Type: "application/pdf",
	}}
	s.files.all[f.FileID] = f
	s.mu.Unlock()
	w.Header().Set("Location", "/api/uploads/"+f.FileID)
	s.takeBytes(w, r, f, http.StatusCreated)
}

// takeBytes takes a body as it comes, and checks the file when it is complete.
func (s *server) takeBytes(w http.ResponseWriter, r *http.Request, f *srvFile, status int) {
	s.mu.Lock()
	f.writers++
	mine := f.writers
	s.mu.Unlock()
	buffer := make([]byte, 32<<10)
	for {
		n, err := r.Body.Read(buffer)
		s.mu.Lock()
		if f.writers != mine {
			s.mu.Unlock()
			return
		}
		f.content = append(f.content, buffer[:n]...)
		s.files.received += int64(n)
		cut := s.files.cutAfter > 0 && s.files.received >= s.files.cutAfter
		if cut {
			s.files.cutAfter = 0
		}
		slow := s.files.slow
		s.mu.Unlock()
		if cut {
			panic(http.ErrAbortHandler)
		}
		if err != nil {
			break
		}
		if slow != nil {
			select {
			case <-slow:
			case <-r.Context().Done():
				return
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if int64(len(f.content)) == f.Size {
		s.check(f)
	}
	w.Header().Set("Upload-Offset", strconv.Itoa(len(f.content)))
	w.WriteHeader(status)
}

func (s *server) check(f *srvFile) {
	sum := sha256.Sum256(f.content)
	f.state = wire.FileReady
	if s.files.hold {
		f.state = wire.FileChecking
	}
	if hex.EncodeToString(sum[:]) != f.SHA256 {
		f.state, f.refusal = wire.FileRefused, &wire.Error{Code: wire.Conflict, Reason: wire.ReasonFileChecksum}
	}
	if s.files.refuse != nil {
		if why := s.files.refuse(f.Name); why != nil {
			f.state, f.refusal = wire.FileRefused, why
		}
	}
}

// attach hangs files on a message that is being sent.
func (s *server) attach(m *wire.Message, ids []string) {
	for _, id := range ids {
		if f := s.files.all[id]; f != nil {
			m.Files = append(m.Files, f.File)
		}
	}
}

// put stores a file that somebody else sent, and tells of its message.
func (s *server) put(room, name string, content []byte) wire.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files.last++
	sum := sha256.Sum256(content)
	f := &srvFile{room: room, state: wire.FileReady, content: content, File: wire.File{
		FileID: fmt.Sprintf("00000000-0000-7000-9000-%012d", s.files.last), Name: name, Size: int64(len(content)),
		SHA256: hex.EncodeToString(sum[:]), Type: "application/octet-stream", Thumbnail: path.Ext(name) == ".png",
	}}
	s.files.all[f.FileID] = f
	s.store(room, other, "file-"+f.FileID, "")
	r := s.rooms[room]
	m := &r.messages[len(r.messages)-1]
	m.Files = []wire.File{f.File}
	r.summary.LastMessage = m
	s.tell(wire.EvMessage, *m)
	return f.File
}

func (s *server) download(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.files.gets++
	f := s.files.all[r.PathValue("id")]
	cut, hang := s.files.cutDown, s.files.hangDown
	s.files.cutDown, s.files.hangDown = 0, 0
	spoiled := s.files.spoil > 0
	if spoiled {
		s.files.spoil--
	}
	s.mu.Unlock()
	if f == nil {
		s.refuseHTTP(w, http.StatusNotFound, wire.HTTPError{Code: wire.NotFound, Error: "no"})
		return
	}
	content := f.content
	if spoiled {
		content = append([]byte{content[0] + 1}, content[1:]...)
	}
	w.Header().Set("ETag", `"`+f.SHA256+`"`)
	w.Header().Set("Content-Type", "application/octet-stream")
	if cut > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content[:cut])
		panic(http.ErrAbortHandler)
	}
	if hang > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content[:hang])
		_ = http.NewResponseController(w).Flush()
		s.with(func() { s.files.sent += hang })
		<-r.Context().Done()
		return
	}
	http.ServeContent(countedWriter{w, s}, r, "", time.Time{}, bytes.NewReader(content))
}

// countedWriter counts what is handed out.
type countedWriter struct {
	http.ResponseWriter
	s *server
}

func (w countedWriter) Write(b []byte) (int, error) {
	w.s.with(func() { w.s.files.sent += int64(len(b)) })
	return w.ResponseWriter.Write(b)
}

func (s *server) roomFiles(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply := wire.RoomFilesReply{Files: []wire.RoomFile{}}
	for _, m := range s.rooms[r.PathValue("room")].messages {
		for _, f := range m.Files {
			if strings.Contains(f.Name, r.URL.Query().Get("query")) {
				reply.Files = append([]wire.RoomFile{{
					File: f, MessageID: m.MessageID, Seq: m.Seq, SenderUUID: m.SenderUUID, Timestamp: m.Timestamp,
				}}, reply.Files...)
			}
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(reply)
}
