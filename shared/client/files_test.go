package client_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

const fileID = "00000000-0000-7000-8000-0000000000f1"

// store is a server that takes one upload and hands out one file, with knobs for what can go wrong.
type store struct {
	mu       sync.Mutex
	session  *client.Session
	begun    bool
	size     int64
	content  []byte
	received int
	requests []string

	cutAfter int                            // bytes of a body after which the connection breaks, once
	stalls   int                            // requests that get no answer
	expire   int                            // requests that are answered by 401
	lie      func(http.ResponseWriter) bool // answers itself
}

func newStore(t *testing.T, stall time.Duration) *store {
	t.Helper()
	s := &store{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	h, err := client.NewHTTP(client.Options{Address: server.URL, Stall: stall})
	if err != nil {
		t.Fatal(err)
	}
	s.session = client.NewSession(h, client.Tokens{Access: "a", Refresh: "r", AccessExpires: time.Now().Add(time.Hour)}, nil)
	t.Cleanup(s.session.Close)
	return s
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/api/token/refresh" {
		reply(w, http.StatusOK, wire.RefreshReply{Token: "b", RefreshToken: "r2", ExpiresIn: 600})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Method)
	switch {
	case s.expire > 0:
		s.expire--
		reply(w, http.StatusUnauthorized, wire.HTTPError{Code: wire.Unauthenticated, Reason: wire.ReasonTokenExpired})
	case s.stalls > 0:
		s.stalls--
		s.mu.Unlock()
		_, _ = io.Copy(io.Discard, r.Body) // so that it is seen when the client goes
		<-r.Context().Done()
		s.mu.Lock()
	case s.lie != nil && s.lie(w):
	case r.Method == http.MethodGet:
		s.hand(w, r)
	case r.Method == http.MethodHead && !s.begun:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodHead:
		w.Header().Set("Upload-Length", strconv.FormatInt(s.size, 10))
		w.Header().Set("Upload-Offset", strconv.Itoa(len(s.content)))
	default:
		s.take(w, r)
	}
}

func (s *store) take(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		s.begun, s.content = true, nil
		s.size, _ = strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
		w.Header().Set("Location", "/api/uploads/"+fileID)
	} else if r.Header.Get("Upload-Offset") != strconv.Itoa(len(s.content)) {
		w.WriteHeader(http.StatusConflict)
		return
	}
	buffer := make([]byte, 32<<10)
	for {
		n, err := r.Body.Read(buffer)
		s.content = append(s.content, buffer[:n]...)
		s.received += n
		if s.cutAfter > 0 && s.received >= s.cutAfter {
			s.cutAfter = 0
			panic(http.ErrAbortHandler)
		}
		if err != nil {
			break
		}
	}
	w.Header().Set("Upload-Offset", strconv.Itoa(len(s.content)))
	w.WriteHeader(http.StatusCreated)
}

func (s *store) hand(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"`+sum(s.content)+`"`)
	if s.cutAfter > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(s.content)))
		_, _ = w.Write(s.content[:s.cutAfter])
		s.cutAfter = 0
		panic(http.ErrAbortHandler)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.content))
}

// stallOf is short where a stall is what is tested: a busy machine is slow elsewhere.
func stallOf(name string) time.Duration {
	if name == "stalled" {
		return 200 * time.Millisecond
	}
	return patience
}

func sum(content []byte) string {
	b := sha256.Sum256(content)
	return hex.EncodeToString(b[:])
}

// send uploads until it is done, as often as the error says that it may help.
func (s *store) send(content []byte) (tries int, err error) {
	u := client.Upload{
		RoomUUID: roomID, Name: "보고서.pdf", Size: int64(len(content)), SHA256: sum(content), Content: bytes.NewReader(content),
	}
	u.Begun = func(id string) error { u.FileID = id; return nil }
	for tries = 1; tries < 8; tries++ {
		if err = s.session.Upload(context.Background(), u); err == nil || !client.Temporary(err) {
			return tries, err
		}
	}
	return tries, err
}

const roomID = "00000000-0000-7000-8000-000000000001"

func TestUpload(t *testing.T) {
	small, large := bytes.Repeat([]byte("가"), 1000), bytes.Repeat([]byte("0123456789abcdef"), 1<<20+3)
	cases := map[string]struct {
		content  []byte
		arrange  func(*store)
		requests string // empty: any
	}{
		"small, in one request": {small, func(*store) {}, "POST"},
		"large, in chunks":      {large, func(*store) {}, "POST PATCH PATCH PATCH"},
		"cut":                   {large, func(s *store) { s.cutAfter = 9 << 20 }, ""},
		"stalled":               {small, func(s *store) { s.stalls = 1 }, ""},
		"expired token":         {small, func(s *store) { s.expire = 1 }, "POST POST"},
		"one's own earlier request still writes": {large, func(s *store) {
			s.lie = once(func(w http.ResponseWriter) {
				reply(w, http.StatusConflict, wire.HTTPError{Code: wire.Conflict, Reason: wire.ReasonBusy})
			})
		}, ""},
		"a conflict, then right": {large, func(s *store) { s.lie = once(func(w http.ResponseWriter) { w.WriteHeader(http.StatusConflict) }) }, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newStore(t, stallOf(name))
			c.arrange(s)
			tries, err := s.send(c.content)
			s.mu.Lock()
			defer s.mu.Unlock()
			if err != nil || !bytes.Equal(s.content, c.content) {
				t.Fatalf("%d tries, %d bytes, %v", tries, len(s.content), err)
			}
			if got := strings.Join(s.requests, " "); c.requests != "" && got != c.requests {
				t.Errorf("requests %s", got)
			}
			if over := s.received - len(c.content); over > 0 {
				t.Errorf("%d bytes twice", over)
			}
		})
	}
}

func once(do func(http.ResponseWriter)) func(http.ResponseWriter) bool {
	done := false
	return func(w http.ResponseWriter) bool {
		if done {
			return false
		}
		done = true
		do(w)
		return true
	}
}

func TestUploadIsLiedTo(t *testing.T) {
	set := func(name, value string, status int) func(http.ResponseWriter) bool {
		return func(w http.ResponseWriter) bool {
			w.Header().Set("Location", "/api/uploads/"+fileID)
			w.Header().Set(name, value)
			w.WriteHeader(status)
			return true
		}
	}
	for name, lie := range map[string]func(http.ResponseWriter) bool{
		"an offset beyond the end": set("Upload-Offset", "99999999", 201),
		"a negative offset":        set("Upload-Offset", "-5", 201),
		"no place":                 set("Location", "", 201),
		"a place elsewhere":        set("Location", "https://evil.example/x", 201),
		"an offset that stays":     set("Upload-Offset", "0", 204),
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t, patience)
			s.lie = lie
			if _, err := s.send(make([]byte, 1<<20)); !errors.Is(err, client.ErrNotHimsg) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestUploadOfAFileThatBecameShorter(t *testing.T) {
	s := newStore(t, patience)
	u := client.Upload{Name: "a.pdf", RoomUUID: roomID, Size: 1 << 20, SHA256: "00", Content: strings.NewReader("short")}
	if err := s.session.Upload(t.Context(), u); !errors.Is(err, client.ErrSource) {
		t.Errorf("%v", err)
	}
}

func TestUploadThatTheServerForgot(t *testing.T) {
	s := newStore(t, patience)
	var begun []string
	u := client.Upload{
		FileID: strings.Replace(fileID, "f1", "f0", 1), Name: "a.pdf", RoomUUID: roomID, Size: 3, SHA256: "00",
		Content: strings.NewReader("abc"), Begun: func(id string) error { begun = append(begun, id); return nil },
	}
	if err := s.session.Upload(t.Context(), u); err != nil || len(begun) != 1 || begun[0] != fileID {
		t.Errorf("%v, begun %v", err, begun)
	}
}

func TestDownload(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	file := wire.File{FileID: fileID, Size: int64(len(content)), SHA256: sum(content)}
	cases := map[string]struct {
		arrange func(*store)
		want    error
	}{
		"whole":           {func(*store) {}, nil},
		"cut":             {func(s *store) { s.cutAfter = 300_000 }, nil},
		"stalled":         {func(s *store) { s.stalls = 1 }, nil},
		"expired token":   {func(s *store) { s.expire = 1 }, nil},
		"other bytes":     {func(s *store) { s.content = bytes.Repeat([]byte("x"), len(content)) }, client.ErrChecksum},
		"more bytes":      {func(s *store) { s.content = append(bytes.Clone(content), 'x') }, client.ErrNotHimsg},
		"fewer, for ever": {func(s *store) { s.content = content[:100] }, client.ErrOffline},
		"another range": {func(s *store) {
			s.cutAfter = 1000
			s.lie = later(func(w http.ResponseWriter) {
				w.Header().Set("Content-Range", "bytes 5-9/10")
				w.WriteHeader(http.StatusPartialContent)
			})
		}, client.ErrNotHimsg},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newStore(t, stallOf(name))
			s.content = content
			c.arrange(s)
			var into client.Buffer
			var err error
			for range 3 {
				if err = s.session.Download(t.Context(), file, &into, nil); err == nil || !client.Temporary(err) {
					break
				}
			}
			if !errors.Is(err, c.want) || c.want == nil && !bytes.Equal(into.Bytes(), content) {
				t.Errorf("%v, %d bytes", err, into.Held())
			}
		})
	}
}

// later answers all requests but the first.
func later(do func(http.ResponseWriter)) func(http.ResponseWriter) bool {
	first := true
	return func(w http.ResponseWriter) bool {
		if first {
			first = false
			return false
		}
		do(w)
		return true
	}
}
