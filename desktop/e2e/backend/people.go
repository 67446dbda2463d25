package backend

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/shared/wire"
)

// Person is somebody of the company.
type Person struct {
	Username string
	Name     string
	UUID     string
	Token    string // an access token; it lives ten minutes
}

// SignUp asks for an account; nobody has approved it yet.
func (s *Server) SignUp(tb testing.TB, username, name string) {
	tb.Helper()
	s.call(tb, "", http.MethodPost, "/api/register", wire.RegisterRequest{
		Name: name, EmployeeID: "E-" + username, BirthDate: "1990-03-04", Position: "팀원", Grade: "대리",
		Department: "개발팀", Email: username + "@example.com", Username: username, Password: Password,
	}, nil)
}

// AddPerson signs somebody up and has the owner approve it.
func (s *Server) AddPerson(tb testing.TB, username, name string) Person {
	tb.Helper()
	s.SignUp(tb, username, name)
	owner := s.SignIn(tb, OwnerUsername)
	var pending []wire.PendingUser
	s.call(tb, owner.Token, http.MethodGet, "/api/pending-users", nil, &pending)
	for _, p := range pending {
		if p.Username == username {
			s.call(tb, owner.Token, http.MethodPut, fmt.Sprintf("/api/approve-user/%d", p.ID), nil, nil)
			return s.SignIn(tb, username)
		}
	}
	tb.Fatalf("%s does not wait for approval: %+v", username, pending)
	return Person{}
}

// SignIn signs somebody in over HTTP.
func (s *Server) SignIn(tb testing.TB, username string) Person {
	tb.Helper()
	var reply wire.LoginReply
	s.call(tb, "", http.MethodPost, "/api/login", wire.LoginRequest{Username: username, Password: Password}, &reply)
	return Person{Username: username, Name: reply.User.Name, UUID: reply.User.UUID, Token: reply.Token}
}

// Post writes a message to somebody, as another client of the writer's would.
func (s *Server) Post(tb testing.TB, from, to Person, text string) wire.PostMessageReply {
	tb.Helper()
	var reply wire.PostMessageReply
	message := wire.PostMessageRequest{Text: text, ReceiverUUID: to.UUID}
	s.call(tb, from.Token, http.MethodPost, "/api/messages", message, &reply)
	return reply
}

// Messages returns the whole conversation of two people as the server holds it.
func (s *Server) Messages(tb testing.TB, one, other Person) []wire.LegacyMessage {
	tb.Helper()
	var messages []wire.LegacyMessage
	s.call(tb, one.Token, http.MethodGet, "/api/messages/"+other.UUID, nil, &messages)
	return messages
}

// Announce publishes a notice to everybody, which asks for confirmation.
func (s *Server) Announce(tb testing.TB, by Person, title, text string) {
	tb.Helper()
	s.call(tb, by.Token, http.MethodPost, "/api/admin/notices", wire.NewNotice{
		NoticeUUID: uuid.NewString(), Title: title, Text: text, Confirm: true,
	}, nil)
}

// AskToRead asks to read what somebody could see of the last week.
func (s *Server) AskToRead(tb testing.TB, by, subject Person, reason string) {
	tb.Helper()
	now := time.Now()
	s.call(tb, by.Token, http.MethodPost, "/api/admin/access-requests", wire.AccessRequest{
		SubjectKind: wire.AccessPerson, SubjectUUID: subject.UUID, Reason: reason,
		From: wire.TimeOf(now.AddDate(0, 0, -7)), To: wire.TimeOf(now),
	}, nil)
}

func (s *Server) call(tb testing.TB, token, method, path string, body, into any) {
	tb.Helper()
	ask := request{token: token, method: method, path: path, contentType: "application/json"}
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			tb.Fatal(err)
		}
		ask.body = bytes.NewReader(raw)
	}
	s.ask(tb, ask, into)
}

type request struct {
	token, method, path, contentType string
	body                             io.Reader
}

// ask makes a request that must succeed and decodes the answer into into, if that is not nil.
func (s *Server) ask(tb testing.TB, ask request, into any) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, ask.method, s.URL()+ask.path, ask.body)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", ask.contentType)
	if ask.token != "" {
		req.Header.Set("Authorization", "Bearer "+ask.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	if err != nil {
		tb.Fatal(err)
	}
	if resp.StatusCode >= 300 {
		tb.Fatalf("%s %s: %s: %s", ask.method, ask.path, resp.Status, raw)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(raw, into); err != nil {
		tb.Fatalf("%s %s: %v in %s", ask.method, ask.path, err, raw)
	}
}

// ApproveReset approves the request for a new password that somebody made, if its code is the one that he reads out.
func (s *Server) ApproveReset(tb testing.TB, username, code string) {
	tb.Helper()
	owner := s.SignIn(tb, OwnerUsername)
	var waiting []wire.ResetEntry
	s.call(tb, owner.Token, http.MethodGet, "/api/admin/password-reset-requests", nil, &waiting)
	for _, r := range waiting {
		if r.Username == username && r.CompareCode == code {
			s.call(tb, owner.Token, http.MethodPut, fmt.Sprintf("/api/password-reset/approve/%d", r.ID), nil, nil)
			return
		}
	}
	tb.Fatalf("no request of %s with the code %q: %+v", username, code, waiting)
}
