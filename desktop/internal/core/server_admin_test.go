package core_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"himsg/shared/wire"
)

// srvAdmin is the server's part about administration: it notes what came, and answers what it was told to.
type srvAdmin struct {
	calls  []string
	answer map[string]any // by method and path
	file   []byte         // of a download
	cut    bool           // a download ends before its time
	hang   chan struct{}  // a download waits for it
}

func (s *server) adminRoutes(mux *http.ServeMux) {
	for _, path := range []string{"/api/admin/", "/api/password-reset/", "/api/users/", "/api/approve-user/"} {
		mux.HandleFunc(path, s.adminCall)
	}
	// The app of an administrator asks this by itself, at any moment: it is none of the calls that a test looks at.
	mux.HandleFunc("GET /api/admin/access-requests", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		list, _ := s.admin.answer[r.Method+" "+r.URL.String()].(wire.AccessList)
		answerJSON(w, list)
	})
}

// answers sets what is answered to a call, named by its method and path.
func (s *server) answers(call string, answer any) {
	s.with(func() { s.admin.answer[call] = answer })
}

func (s *server) adminCall(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	key := r.Method + " " + r.URL.String()
	s.mu.Lock()
	s.admin.calls = append(s.admin.calls, strings.TrimSpace(key+" "+string(body)))
	out, file, cut, hang := s.admin.answer[key], s.admin.file, s.admin.cut, s.admin.hang
	s.mu.Unlock()
	if file != nil {
		s.adminFile(w, r, file, cut, hang)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch refusal, refused := out.(wire.HTTPError); {
	case refused:
		w.WriteHeader(http.StatusConflict)
		_ = json.NewEncoder(w).Encode(refusal)
	case out == nil:
		_ = json.NewEncoder(w).Encode(wire.MessageReply{})
	default:
		_ = json.NewEncoder(w).Encode(out)
	}
}

func (s *server) adminFile(w http.ResponseWriter, r *http.Request, file []byte, cut bool, hang chan struct{}) {
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(file)
	if hang != nil {
		_ = http.NewResponseController(w).Flush()
		close(hang)
		<-r.Context().Done()
	}
	if cut {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}
